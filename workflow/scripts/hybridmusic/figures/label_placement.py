"""Place labels next to points, so that no label hides another."""

from __future__ import annotations

import numpy as np

ANGLES = 32
RADII = np.geomspace(4, 300, 40)  # in the points' unit
POINT = 4  # half of a point's width, in the same unit
DETOUR = 12  # steps of radius that a label moves farther to avoid misleading


def place(points: np.ndarray, sizes: np.ndarray, boxes: np.ndarray, within) -> np.ndarray:
    """Return the centres (n, 2) of labels of `sizes` (n, 2), each near its point (n, 2).

    Labels avoid points, each other and `boxes` (m, 4), and stay inside `within`, both as left,
    bottom, right, top. Labels in a crowd are placed last. A label without room goes where it hides
    least. A label that is not at least twice as near to its own point as to every other would
    mislead, so a place farther off is preferred.
    """
    around = np.linspace(0, 2 * np.pi, ANGLES, endpoint=False)
    directions = np.column_stack([np.cos(around), np.sin(around)])
    gaps = np.linalg.norm(points[:, None] - points[None], axis=2)
    taken = [*boxes, *np.column_stack([points - POINT, points + POINT])]
    centres = np.empty_like(points, dtype=float)
    for number in np.argsort(-np.median(gaps, axis=1), kind="stable"):
        half = sizes[number] / 2
        # The radius is about the distance of a label's edge, not of its centre.
        offsets = directions * half + RADII[:, None, None] * directions
        places = (points[number] + offsets).reshape(-1, 2)
        candidates = np.column_stack([places - half, places + half])
        hidden = sum(overlap(candidates, box) for box in np.array(taken))
        hidden += (2 * half).prod() - overlap(candidates, np.asarray(within))
        far = np.array([distance(candidates, point) for point in points])
        misleads = 2 * far[number] > np.delete(far, number, axis=0).min(axis=0, initial=np.inf)
        steps = np.arange(len(places)) // ANGLES + DETOUR * misleads
        best = np.lexsort((steps, np.maximum(hidden - hidden.min(), 1e-6)))[0]
        centres[number] = places[best]
        taken.append(candidates[best])
    return centres


def distance(boxes: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Return the distance of each of `boxes` (n, 4) from a point, (n,); 0 if it contains it."""
    outside = np.maximum(boxes[:, :2] - point, point - boxes[:, 2:])
    return np.linalg.norm(np.maximum(outside, 0), axis=1)


def overlap(boxes: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the area that each of `boxes` (n, 4) shares with the box `other`, (n,)."""
    low, high = np.maximum(boxes[:, :2], other[:2]), np.minimum(boxes[:, 2:], other[2:])
    return np.maximum(high - low, 0).prod(axis=1)

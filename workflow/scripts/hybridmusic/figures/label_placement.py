"""Finding places for labels beside points, so that none hides another."""

from __future__ import annotations

import numpy as np

ANGLES = 32
RADII = np.geomspace(4, 300, 40)  # in the points' unit, as is
POINT = 4  # half of what a point takes
DETOUR = 12  # steps of radius worth going to be twice as near to the own point as to others


def place(points: np.ndarray, sizes: np.ndarray, boxes: np.ndarray, within) -> np.ndarray:
    """Centres (n, 2) of labels of `sizes` (n, 2) beside `points` (n, 2), each near its own.

    `boxes` (m, 4) of left, bottom, right, top are to be left free, and so are all points; labels
    stay inside `within`, a box. Labels in a crowd are placed last. One for which there is no room
    goes where it hides least. A label about as near to another point as to its own would mislead,
    so a place farther off is preferred.
    """
    around = np.linspace(0, 2 * np.pi, ANGLES, endpoint=False)
    directions = np.column_stack([np.cos(around), np.sin(around)])
    gaps = np.linalg.norm(points[:, None] - points[None], axis=2)
    taken = [*boxes, *np.column_stack([points - POINT, points + POINT])]
    centres = np.empty_like(points, dtype=float)
    for number in np.argsort(-np.median(gaps, axis=1), kind="stable"):
        half = sizes[number] / 2
        # A label's edge, not its centre, is about as far off as the radius.
        offsets = directions * half + RADII[:, None, None] * directions
        tried = (points[number] + offsets).reshape(-1, 2)
        candidates = np.column_stack([tried - half, tried + half])
        hidden = sum(overlap(candidates, box) for box in np.array(taken))
        hidden += (2 * half).prod() - overlap(candidates, np.asarray(within))
        far = np.array([distance(candidates, point) for point in points])
        misleads = 2 * far[number] > np.delete(far, number, axis=0).min(axis=0, initial=np.inf)
        steps = np.arange(len(tried)) // ANGLES + DETOUR * misleads
        best = np.lexsort((steps, np.maximum(hidden - hidden.min(), 1e-6)))[0]
        centres[number] = tried[best]
        taken.append(candidates[best])
    return centres


def distance(boxes: np.ndarray, point: np.ndarray) -> np.ndarray:
    """How far each of `boxes` (n, 4) is from a point, (n,); 0 around it."""
    outside = np.maximum(boxes[:, :2] - point, point - boxes[:, 2:])
    return np.linalg.norm(np.maximum(outside, 0), axis=1)


def overlap(boxes: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Area that each of `boxes` (n, 4) shares with the box `other`, (n,)."""
    low, high = np.maximum(boxes[:, :2], other[:2]), np.minimum(boxes[:, 2:], other[2:])
    return np.maximum(high - low, 0).prod(axis=1)

"""Labels hide nothing."""

import numpy as np

from hybridmusic.figures.label_placement import distance, overlap, place


def test_labels_hide_neither_each_other_nor_a_point_nor_what_is_taken():
    points = np.random.default_rng(0).uniform(100, 200, size=(25, 2))
    points[1] = points[0]
    sizes, taken, within = (
        np.tile([60.0, 8.0], (25, 1)),
        np.array([[0, 0, 80, 20]]),
        (0, 0, 400, 300),
    )
    centres = place(points, sizes, taken, within)
    boxes = np.column_stack([centres - sizes / 2, centres + sizes / 2])
    for number, box in enumerate(boxes):
        assert overlap(np.delete(boxes, number, axis=0), box).max() < 1e-3
        assert not ((points > box[:2]) & (points < box[2:])).all(axis=1).any()
        assert overlap(taken, box).max() < 1e-3
    assert (boxes[:, :2] >= 0).all()
    assert (boxes[:, 2:] <= within[2:]).all()
    assert distance(np.array([[0, 0, 2, 2], [4, 5, 6, 6]]), np.array([1, 1])).tolist() == [0, 5]
    assert overlap(np.array([[0, 0, 2, 2], [5, 5, 6, 6]]), np.array([1, 0, 3, 3])).tolist() == [
        2,
        0,
    ]

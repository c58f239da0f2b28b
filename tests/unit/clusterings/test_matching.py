"""Clusters are renamed to match those of another clustering."""

import numpy as np

from hybridmusic.clusterings.matching import matched


def test_clusters_are_renamed_to_those_they_share_most_with():
    reference = np.array([0, 0, 0, 1, 1, 2, 2, -1])
    found = matched(np.array([5, 5, 5, 9, 9, 7, 7, -1]), reference)
    np.testing.assert_array_equal(found, reference)
    # A cluster that is left over gets a number of its own.
    more = matched(np.array([0, 0, 3, 1, 1, 2, 2, -1]), reference)
    np.testing.assert_array_equal(more, [0, 0, 3, 1, 1, 2, 2, -1])
    noise = matched(np.full(8, -1), reference)
    assert (noise == -1).all()

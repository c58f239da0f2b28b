"""Spectral clustering against scikit-learn."""

import numpy as np
import pytest
from samples import near
from sklearn.cluster import SpectralClustering

from hybridmusic.clusterers import spectral
from hybridmusic.errors import InputError

pytestmark = pytest.mark.numerical


def test_spectral_clustering_is_scikit_learns_on_the_graph_that_it_would_find():
    x = np.random.default_rng(0).normal(size=(150, 4)).astype(np.float32)
    found = spectral.cluster(x, 5, 3, graph=near(x), neighbours=10, exact_up_to=150)
    plain = SpectralClustering(5, affinity="nearest_neighbors", n_neighbors=10, random_state=3)
    np.testing.assert_array_equal(found, plain.fit_predict(x))


def test_too_few_tracks_are_reported():
    x = np.eye(4, 6)
    message = r"^spectral clustering into k = 4 needs more than 4 tracks, and there are 4$"
    with pytest.raises(InputError, match=message):
        spectral.cluster(x, 4, 0, graph=near(x), neighbours=2, exact_up_to=4)


def test_more_neighbours_than_tracks_are_reported_in_the_log(caplog):
    x = np.random.default_rng(0).normal(size=(12, 5))
    spectral.cluster(x, 3, 0, graph=near(x), neighbours=15, exact_up_to=12)
    assert "neighbours = 15 exceeds the 11 other tracks; using 11" in caplog.text

"""DBSCAN of few tracks."""

import numpy as np
import pytest
from samples import near

from hybridmusic.clusterers import dbscan

pytestmark = pytest.mark.numerical


def test_fewer_tracks_than_min_samples_are_noise_with_a_warning(caplog):
    for eps in (0.5, "k-distance"):
        found = dbscan.cluster(np.eye(4), None, 0, graph=near(np.eye(4)), eps=eps, min_samples=5)
        assert found.tolist() == [-1] * 4
    assert "min_samples = 5 exceeds the 4 tracks: all of them are noise" in caplog.text

"""Every clusterer finds separate blobs."""

import numpy as np
import pytest
from samples import near
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score

from hybridmusic import kinds

pytestmark = pytest.mark.numerical

BASELINES = {"majority", "random"}


@pytest.mark.parametrize("name", sorted(set(kinds.kinds("clusterers")) - BASELINES))
def test_clusterers_find_separate_blobs(name):
    centres = np.eye(4, 5) * 30
    x, truth = make_blobs(120, centers=centres, cluster_std=0.5, random_state=0)
    clusterer = kinds.load("clusterers", name)
    settings = kinds.settings("clusterers", name, {"eps": "k-distance"})
    k = 4 if clusterer.NEEDS_K else None
    if hasattr(clusterer, "GRAPH"):
        settings["graph"] = near(x)
    found = clusterer.cluster(x, k, 0, **settings)
    assert found.shape == (120,)
    clustered = found >= 0
    assert clustered.mean() > 0.9
    assert adjusted_rand_score(truth[clustered], found[clustered]) == pytest.approx(1)

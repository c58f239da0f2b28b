"""Points of networks and grids: errors on held-out songs, and agreement with genre."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.studies import tradeoff

pytestmark = pytest.mark.numerical


def test_the_best_rate_is_that_of_the_best_mean_elbo():
    rows = [(8, 1.0, 0.01, seed, elbo) for seed, elbo in ((0, -1.0), (1, -9.0))]
    rows += [(8, 1.0, 0.001, seed, -4.0) for seed in (0, 1)]
    rows += [(8, 4.0, rate, 0, -rate) for rate in (0.01, 0.001)]
    grid = pd.DataFrame(rows, columns=["latent", "beta", "learning_rate", "seed", "elbo"])
    found = tradeoff.best_rates(grid)
    assert found["learning_rate"].to_list() == [0.001] * 3
    assert found["beta"].to_list() == [1.0, 1.0, 4.0]


def test_points_of_a_network_join_its_error_and_its_agreement_by_seed():
    held_out = pd.DataFrame(
        {
            "seed": [0, 1, 0, 1],
            "part": ["training", "training", "held_out", "held_out"],
            "reconstruction": [0.0, 0.0, 0.2, 0.3],
            "mean_prediction": [1.0, 1.0, 0.8, 0.6],
        }
    )
    names = ["space", "clusterer", "k", "seed", "metric", "measured_in", "value"]
    scores = pd.DataFrame(
        [
            ("vae", "kmeans", 8, 1, "nmi", "genre", 0.7),
            ("vae", "kmeans", 8, 0, "nmi", "genre", 0.6),
            ("vae", "kmeans", 3, 0, "nmi", "genre", 0.1),
            ("vae", "ward", 8, 0, "nmi", "genre", 0.2),
            ("vae", "kmeans", 8, 0, "nmi", "language", 0.3),
            ("other", "kmeans", 8, 0, "nmi", "genre", 0.4),
        ],
        columns=names,
    )
    found = tradeoff.of_network(held_out, scores, "vae", k=8)
    np.testing.assert_allclose(found[["error", "nmi"]], [[0.25, 0.6], [0.5, 0.7]])
    assert tradeoff.of_network(held_out, scores, "unclustered", k=8).empty

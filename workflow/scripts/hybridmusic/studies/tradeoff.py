"""Trade-off of reconstruction and agreement with genre (paper, section 5.3).

`error` is the squared error on held-out songs divided by the error of predicting the training
songs' mean, so that inputs of any width compare.
"""

from __future__ import annotations

import pandas as pd

from hybridmusic.clusterings.table import of_k


def of_network(held_out: pd.DataFrame, scores: pd.DataFrame, space: str, k: int) -> pd.DataFrame:
    """Return `error` and `nmi` of the network that makes a space, one row per seed.

    `nmi` is of K-Means with `k` clusters on all tracks, from the run's `scores`. The frame is empty
    if no K-Means of the space was scored.
    """
    chosen = of_k(scores, k)[
        lambda rows: (
            rows["space"].eq(space)
            & rows["clusterer"].eq("kmeans")
            & rows["metric"].eq("nmi")
            & rows["measured_in"].eq("genre")
        )
    ]
    unseen = held_out[held_out["part"] == "held_out"].set_index("seed")
    error = unseen["reconstruction"] / unseen["mean_prediction"]
    nmi = chosen.groupby("seed")["value"].mean()
    return pd.DataFrame({"error": error, "nmi": nmi}).dropna().reset_index(drop=True)


def of_grid(grid: pd.DataFrame) -> pd.DataFrame:
    """Return `latent`, `beta`, `error` and `nmi` of each seed, at the best learning rates."""
    chosen = best_rates(grid)
    error = chosen["reconstruction"] / chosen["mean_prediction"]
    return chosen[["latent", "beta", "nmi"]].assign(error=error).dropna().reset_index(drop=True)


def best_rates(grid: pd.DataFrame) -> pd.DataFrame:
    """Return the rows at the learning rate of the best mean ELBO, by latent size and beta."""
    elbo = grid.groupby(["latent", "beta", "learning_rate"])["elbo"].mean()
    best = elbo.groupby(["latent", "beta"]).idxmax()
    index = pd.MultiIndex.from_frame(grid[["latent", "beta", "learning_rate"]])
    return grid[index.isin(best)]

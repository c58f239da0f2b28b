"""The table of the tuning grid: scores of every setting on held-out songs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.tables.marks import MARK


def table(grid: pd.DataFrame) -> pd.DataFrame:
    """Tabulate means over seeds, one row per latent size, beta and learning rate.

    `grid` is of the kind `tuning`. Columns after ± are standard deviations over seeds. `Best`
    names what a row is best by: the ELBO among the rows of its beta, NMI among all.
    """
    groups = grid.groupby(["latent", "beta", "learning_rate"])
    means, deviations = groups.mean(), groups.std()
    by_elbo = means.index.isin(means.groupby("beta")["elbo"].idxmax())
    by_nmi = means["nmi"] == means["nmi"].max()
    best = [
        ", ".join(name for name, is_best in (("ELBO", elbo), (f"NMI{MARK}", nmi)) if is_best)
        for elbo, nmi in zip(by_elbo, by_nmi, strict=True)
    ]
    table = pd.DataFrame(
        {
            "ELBO": means["elbo"],
            "± ELBO": deviations["elbo"],
            "Log-likelihood": means["log_likelihood"],
            "KL": means["kl"],
            "MSE": means["reconstruction"],
            "Active units": means["active_units"],
            "NMI": means["nmi"],
            "± NMI": deviations["nmi"],
            "AMI": means["ami"],
            "Best": best,
        }
    )
    return table.rename_axis(["Latent", "β", "Learning rate"]).reset_index()


def verdicts(table: pd.DataFrame) -> list[str]:
    """Name the best settings by ELBO, which needs no labels, and by NMI, which does."""
    best = table[table["Best"].str.contains("ELBO")]
    settings = [f"β {row['β']:g}: latent {row['Latent']}" for _, row in best.iterrows()]
    sentences = [f"Best ELBO on held-out songs, {', '.join(settings)}."]
    if table["NMI"].notna().any():
        top = table.loc[table["NMI"].idxmax()]
        sentences.append(
            "Best NMI on them, by which no method without labels can choose: "
            f"latent {top['Latent']}, β {top['β']:g}, {top['NMI']:.3f}."
        )
    return sentences


def notes(grid: pd.DataFrame, k: int) -> list[str]:
    """Explain the table, one sentence each; `k` is the number of clusters of K-Means."""
    n_tracks, n_features = grid[["n_tracks", "n_features"]].iloc[0]
    n_seeds = grid["seed"].nunique()
    over_seeds = f"Means over {n_seeds} seeds, ± their standard deviation."
    sentences = [
        "Networks are trained without the songs that they are scored on: "
        f"{n_tracks} tracks, the same for every row. {over_seeds if n_seeds > 1 else 'One seed.'}",
        "ELBO = log-likelihood - KL, in nats per track, whatever β was used in training. The "
        "likelihood is Gaussian with variance 1/2, so its log is minus the squared error, minus "
        f"{n_features / 2:g} log π = {n_features / 2 * np.log(np.pi):.2f} for {n_features} "
        "standardised features. Training with β maximises the ELBO for variance β/2 instead, so "
        "the best ELBO is marked for each β separately.",
        "The best of many scores is optimistic, because these songs chose it. MSE is per "
        "standardised feature, decoded from the mean of q(z | x).",
    ]
    if grid["nmi"].isna().all():
        return [*sentences, "NMI and AMI are left out: too few genres or held-out tracks."]
    return [
        *sentences,
        f"NMI and AMI with genre are of K-Means, k = {k}, on the latents of the held-out songs. "
        "NMI is above 0 by chance, and more so for few tracks; AMI is not.",
        f"{MARK} chosen by the genre labels that it is scored on; a method without labels could "
        "not make this choice.",
    ]

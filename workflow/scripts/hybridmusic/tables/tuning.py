"""The table of the tuning grid: scores of every setting on held-out songs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from hybridmusic.tables.marks import MARK

# Level of comparisons over seeds.
LEVEL = 0.05


def table(grid: pd.DataFrame) -> pd.DataFrame:
    """Tabulate means over seeds, one row per latent size, beta and learning rate.

    `grid` is of the kind `tuning`. Columns after ± are standard deviations over seeds. `Best`
    names what a row is best by: the ELBO after the paper's epochs and that of training to a plateau
    among the rows of its beta, NMI among all.
    """
    groups = grid.groupby(["latent", "beta", "learning_rate"])
    means, deviations = groups.mean(numeric_only=True), groups.std(numeric_only=True)
    best = pd.DataFrame(
        {
            "ELBO": means.index.isin(means.groupby("beta")["elbo"].idxmax()),
            "Plateau": means.index.isin(means["plateau_elbo"].dropna().groupby("beta").idxmax()),
            f"NMI{MARK}": means["nmi"] == means["nmi"].max(),
        }
    )
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
            "Best": [", ".join(best.columns[row]) for row in best.to_numpy()],
        }
    )
    if grid["plateau_elbo"].notna().any():
        at_plateau = {
            "Plateau ELBO": means["plateau_elbo"],
            "± Plateau": deviations["plateau_elbo"],
            "Epochs": means["plateau_epochs"],
        }
        for place, (name, column) in enumerate(at_plateau.items(), start=2):
            table.insert(place, name, column)
    return table.rename_axis(["Latent", "β", "Learning rate"]).reset_index()


def verdicts(table: pd.DataFrame, n_seeds: int) -> list[str]:
    """Name the best settings by ELBO, which needs no labels, and by NMI, which does."""
    best = table[table["Best"].str.contains("ELBO")]
    settings = [f"β {row['β']:g}: latent {row['Latent']}" for _, row in best.iterrows()]
    sentences = [f"Best ELBO on held-out songs, {', '.join(settings)}."]
    if "Plateau ELBO" in table:
        best = table[table["Best"].str.contains("Plateau")].sort_values("β")
        settings = [_with_rivals(row, table, n_seeds) for _, row in best.iterrows()]
        sentences.append(
            f"Best ELBO on them after training to a plateau, {', '.join(settings)}. Where the two "
            "differ, the first measures the speed of learning."
        )
    if table["NMI"].notna().any():
        top = table.loc[table["NMI"].idxmax()]
        sentences.append(
            "Best NMI on them, by which no method without labels can choose: "
            f"latent {top['Latent']}, β {top['β']:g}, {top['NMI']:.3f}."
        )
    return sentences


def _with_rivals(best: pd.Series, table: pd.DataFrame, n_seeds: int) -> str:
    """Name the latent size of a beta that is best at the plateau, and those that may be as good.

    Sizes are compared by their best learning rate, by Welch's t test over seeds at the level of
    5 %; one seed has no spread, and nothing is said.
    """
    rows = table[table["β"] == best["β"]].sort_values("Plateau ELBO", ascending=False)
    others = rows.drop_duplicates("Latent").iloc[1:]
    named = f"β {best['β']:g}: latent {best['Latent']}"
    if n_seeds < 2 or others.empty:
        return named
    summaries = [(each["Plateau ELBO"], each["± Plateau"], n_seeds) for each in (best, others)]
    p = stats.ttest_ind_from_stats(*summaries[0], *summaries[1], equal_var=False).pvalue
    rivals = others.loc[p > LEVEL, "Latent"].astype(str)
    return named + (f" (not clearly better than {' and '.join(rivals)})" if len(rivals) else "")


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
    if grid["plateau_elbo"].notna().any():
        moving = len(grid) - int(grid["plateau_reached"].sum())
        sentences.append(
            "Plateau ELBO is of the same networks, trained on until 100 epochs did not improve "
            "their ELBO (with the variance of their β) on held-out songs. Epochs is the best of "
            "them. Each half of the held-out songs is scored with the networks that the other half "
            "stopped, so that no song decides about its own score. The other columns are of the "
            "paper's epochs. Still improving when training ended: "
            f"{moving} of {len(grid)} networks."
        )
    if grid["nmi"].isna().all():
        return [*sentences, "NMI and AMI are left out: too few genres or held-out tracks."]
    return [
        *sentences,
        f"NMI and AMI with genre are of K-Means, k = {k}, on the latents of the held-out songs. "
        "NMI is above 0 by chance, and more so for few tracks; AMI is not.",
        f"{MARK} chosen by the genre labels that it is scored on; a method without labels could "
        "not make this choice.",
    ]

"""Table of the disentanglement of the networks."""

from __future__ import annotations

import pandas as pd

from hybridmusic.studies.disentanglement import FACTOR_BINS

COLUMNS = (
    *("Network", "β", "Factors", "MIG", "± MIG"),
    *("Disentanglement", "Completeness", "Informativeness", "Chance"),
)


def table(measured: pd.DataFrame, betas: dict[str, float | None]) -> pd.DataFrame:
    """Tabulate `disentanglement` scores, one row per network (with its beta, if any) and factors.

    All columns are means over factors. MIG is a mean over seeds too, with its standard deviation.
    """
    rows = []
    for (network, kind), scores in measured.groupby(["space", "factors"], sort=False):
        mig = scores[scores["metric"] == "mig"].groupby("seed")["value"].mean()
        means = scores.groupby("metric")["value"].mean()
        row = (network, betas[network], kind, mig.mean(), mig.std())
        rows.append((*row, *(means[column.lower()] for column in COLUMNS[len(row) :])))
    return pd.DataFrame(rows, columns=COLUMNS).astype({"β": float})


def notes(measured: pd.DataFrame) -> list[str]:
    """Explain the factors and the scores, one sentence each."""
    if measured.empty:
        return ["There are fewer than two songs, or no factor varies, so nothing is measured."]
    names = measured[measured["metric"] == "mig"].groupby("factors", sort=False)["factor"].unique()
    seeds = measured["seed"].nunique()
    return [
        *(f"{kind.capitalize()} factors: {', '.join(factors)}." for kind, factors in names.items()),
        "MIG: gap between the two latents with the most information on a factor, 0 to 1 (Chen et "
        "al. 2018). "
        + (f"Mean over {seeds} seeds, ± their standard deviation." if seeds > 1 else "One seed."),
        "Disentanglement: whether a latent represents one factor. Completeness: whether one latent "
        "represents all of a factor. Both are 0 to 1, of the first seed (Eastwood and Williams "
        "2018). They mean little if informativeness, the balanced accuracy of a random forest on "
        "held-out songs, is near chance, that of guessing.",
        "Factors are correlated, such as genre with language and tempo with genre, so no space can "
        f"separate all of them. Numbers are cut into {FACTOR_BINS} equally wide bins.",
    ]

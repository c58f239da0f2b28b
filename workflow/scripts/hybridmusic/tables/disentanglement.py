"""Table of the disentanglement of the networks."""

from __future__ import annotations

import pandas as pd

from hybridmusic.studies.disentanglement import (
    FACTOR_BINS,
    FOREST_SHUFFLES,
    LEAST,
    MOST_TRACKS,
    SHUFFLES,
    SPLITS,
    TREES,
)
from hybridmusic.tables.sheet import LEARNED

SURE = 0.05
# Fields of each metric that the table shows, and their names.
GAPS = {"mig": "MIG", "sap": "SAP"}
FORESTS = ("disentanglement", "completeness", "informativeness")
FIELDS = {
    "mig": ("value", "deviation", "chance", "p"),
    "sap": ("value", "chance", "p"),
    "disentanglement": ("value", "chance"),
    "completeness": ("value", "chance"),
    "informativeness": ("value", "deviation", "chance"),
}
LAYOUT = {"value": "{}", "deviation": "± {}", "chance": "{} (chance)", "p": "p ({})"}


def table(measured: pd.DataFrame, betas: dict[str, float | None]) -> pd.DataFrame:
    """Tabulate `disentanglement` scores, one row per network (with its beta, if any) and factors.

    All columns are means over factors. MIG is a mean over seeds too, with its standard deviation.
    """
    columns = {
        (metric, field): LAYOUT[field].format(GAPS.get(metric, metric.capitalize()))
        for metric, fields in FIELDS.items()
        for field in fields
    }
    rows = []
    for (network, kind), scores in _means(measured).groupby(["space", "factors"], sort=False):
        means = scores.set_index("metric")
        row = {"Network": network, "β": betas[network], "Factors": kind}
        rows.append(row | {name: means.at[cell] for cell, name in columns.items()})
    shown = pd.DataFrame(rows, columns=["Network", "β", "Factors", *columns.values()])
    return shown.astype(dict.fromkeys(["β", *columns.values()], float))


def _means(measured: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of means over factors."""
    return measured[measured["factor"].isna()]


def verdicts(measured: pd.DataFrame) -> dict[str, list[str]]:
    """State which networks have latents of single factors by chance alone."""
    gaps = _means(measured)[lambda rows: rows["metric"].isin(GAPS)]
    said = []
    for kind, rows in gaps.groupby("factors", sort=False):
        least = rows.groupby("space", sort=False)["p"].min()
        if (least > SURE).any():
            names = ", ".join(least.index[least > SURE])
            said.append(f"Neither MIG nor SAP of {kind} factors exceeds chance: {names}.")
    return {LEARNED: said}


def notes(measured: pd.DataFrame) -> list[str]:
    """Explain the factors and the scores, one sentence each."""
    if measured.empty:
        return [
            "There are fewer than two songs, or no factor has two classes of enough tracks, so "
            "nothing is measured."
        ]
    gaps = measured[measured["metric"].eq("mig") & measured["factor"].notna()]
    names = gaps.groupby("factors", sort=False)["factor"].unique()
    seeds = gaps["seed"].nunique()
    return [
        *(f"{kind.capitalize()} factors: {', '.join(factors)}." for kind, factors in names.items()),
        "MIG: gap between the two latents with the most information on a factor, 0 to 1 (Chen et "
        "al. 2018). "
        + (f"Mean over {seeds} seeds, ± their standard deviation." if seeds > 1 else "One seed."),
        "SAP: gap between the two latents that predict a factor best, numbers by linear regression "
        "(R²) and categories by thresholds (balanced accuracy), 0 to 1, of the first seed (Kumar, "
        "Sattigeri and Balakrishnan 2018).",
        "Disentanglement: whether a latent represents one factor. Completeness: whether one latent "
        "represents all of a factor. Both are 0 to 1 (Eastwood and Williams 2018). They mean "
        "little if informativeness, the balanced accuracy of a random forest on held-out songs, is "
        f"near chance. All three are of the first seed, and means over {SPLITS} random splits of "
        f"the songs with {TREES} trees for each factor; ± is the standard deviation over splits.",
        f"Chance: the same for factors shuffled over songs, the mean of {SHUFFLES} shuffles for "
        f"MIG and SAP (p at least {1 / (1 + SHUFFLES):.2f}), and of {FOREST_SHUFFLES} for "
        f"the others. With more than {MOST_TRACKS:,} tracks, songs are sampled for all but MIG.",
        "Factors are correlated, such as genre with language and tempo with genre, so no space can "
        f"separate all of them. Numbers are cut into at most {FACTOR_BINS} classes of equally many "
        f"tracks; the octave of the tonic is a circle. Classes of fewer than {LEAST} tracks, or of "
        "a single song, are left out.",
    ]

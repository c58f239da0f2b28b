"""Whether each latent of a space stands for one factor, where factors are known."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from hybridmusic.evaluation import contingency
from hybridmusic.evaluation.resampling import codes
from hybridmusic.training.held_out import split_songs

BINS = 20  # Locatello et al. 2019
TREES = 50
FACTOR_BINS = 5  # fewer than of latents, for each has to be read from what is known of few tracks
MOST_TRACKS = 1000  # that a forest learns from and is tested on
MEASURED, TRUE = "measured", "true"
HELD_OUT = 0.25  # share of songs


class Dci(NamedTuple):
    """Disentanglement, completeness and informativeness, 0..1 each."""

    disentanglement: float
    completeness: float
    informativeness: np.ndarray  # (factors,)
    importance: np.ndarray  # (latents, factors); the columns sum to 1


def discretise(x: np.ndarray, bins: int = BINS) -> np.ndarray:
    """Each column of `x` (tracks, d) as the number of its bin, (tracks, d) of 0..bins-1.

    Bins are equally wide from the column's smallest to its largest value.
    """
    low, high = x.min(axis=0), x.max(axis=0)
    width = np.where(high > low, high - low, 1)
    return np.minimum((x - low) / width * bins, bins - 1).astype(int)


def mutual_information_gap(x: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """MIG of each factor, (factors,), 0..1 (Chen et al. 2018).

    How much more the best latent of `x` (tracks, latents) tells of a factor than the second best,
    over the factor's entropy. `factors` is (tracks, factors), any labels; a continuous one goes
    through `discretise` first. Information is that of the counts, latents in twenty bins, as in
    Locatello et al. (2019); its bias, alike for all latents, cancels in the gap. NaN for a factor
    that does not vary.
    """
    latents = discretise(np.asarray(x, dtype=np.float64))
    gaps = []
    for factor in map(codes, np.asarray(factors).T):
        shape = (BINS, factor.max() + 1)
        tables = contingency.tables(latents.T, factor, shape)
        second, best = np.sort(np.append(contingency.mutual_information(tables), 0))[-2:]
        uncertainty = contingency.entropy(np.bincount(factor))
        gaps.append((best - second) / uncertainty if uncertainty > 0 else np.nan)
    return np.array(gaps)


def dci(x: np.ndarray, factors: np.ndarray, songs, rng: np.random.Generator) -> Dci:
    """Disentanglement, completeness and informativeness (Eastwood and Williams 2018).

    `x` is (tracks, latents), `factors` (tracks, factors) of any labels; continuous ones go
    through `discretise` first. A random forest reads each factor from all latents; the
    importances of the latents, weighed by their entropies, say whether a latent tells of one
    factor and a factor is told by one latent. Informativeness is balanced accuracy on a quarter
    of the songs, held out. Disentanglement is NaN for one factor alone, completeness for one
    latent; they mean little where informativeness is near one over the number of labels.
    """
    # Imported here, because those that tabulate what was found need not wait a second for it.
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import recall_score

    test = split_songs(list(songs), HELD_OUT, int(rng.integers(2**31)))
    importance, read = [], []
    for factor in map(codes, np.asarray(factors).T):
        # Every split chooses among all latents, or those that tell nothing would win some.
        forest = RandomForestClassifier(
            TREES, max_features=None, random_state=int(rng.integers(2**31))
        )
        forest.fit(x[~test], factor[~test])
        importance.append(forest.feature_importances_)
        # Balanced accuracy, of the labels that there are among the songs held out.
        there = np.unique(factor[test])
        told = forest.predict(x[test])
        read.append(recall_score(factor[test], told, labels=there, average="macro"))
    importance = np.array(importance).T
    return Dci(_concentration(importance), _concentration(importance.T), np.array(read), importance)


def as_labels(factors: pd.DataFrame) -> pd.DataFrame:
    """Factors of tracks as labels: a column of fractions as the numbers of its bins.

    Factors of which nothing is known are left out, then tracks of which one is unknown, then
    factors that do not vary.
    """
    known = factors.dropna(axis=1, how="all").dropna()
    binned = {
        name: discretise(known[[name]].to_numpy(), FACTOR_BINS)[:, 0]
        for name in known.select_dtypes("floating")
    }
    labels = known.assign(**binned)
    return labels.loc[:, labels.nunique() > 1]


def measure(
    members: dict[int, np.ndarray], factors: pd.DataFrame, songs, seed: int
) -> list[tuple[int, str, str | None, float]]:
    """MIG and DCI of a space against `factors`, as (seed, metric, factor, value).

    `factors` is of `as_labels`; `members` has (tracks, latents) for each seed, and `songs` one
    name, in the same order. MIG is of every seed and all tracks. DCI, whose forests take seconds
    for every factor, is of the first seed and of at most `MOST_TRACKS` tracks, drawn by whole
    songs. `chance` is the informativeness of guessing, one over the number of labels.
    """
    labels = np.column_stack([codes(factors[name]) for name in factors])
    found = [
        (one, "mig", name, value)
        for one, x in members.items()
        for name, value in zip(factors, mutual_information_gap(x, labels), strict=True)
    ]
    first, x = next(iter(members.items()))
    random = np.random.default_rng(seed)
    song = codes(songs)
    # Songs in a random order, as many as together hold no more than the most tracks.
    order = random.permutation(song.max() + 1)
    drawn = order[np.cumsum(np.bincount(song)[order]) <= MOST_TRACKS]
    kept = np.isin(song, drawn)
    scores = dci(x[kept], labels[kept], song[kept], random)
    found.append((first, "disentanglement", None, scores.disentanglement))
    found.append((first, "completeness", None, scores.completeness))
    for name, value in zip(factors, scores.informativeness, strict=True):
        found.append((first, "informativeness", name, value))
        found.append((first, "chance", name, 1 / factors[name].nunique()))
    return found


def table(measured: pd.DataFrame, betas: dict[str, float | None]) -> pd.DataFrame:
    """For readers, a row per network and kind of factors, from a table of kind `disentanglement`.

    All are means over factors; MIG over seeds too, with its standard deviation over these. `betas`
    is the beta of each network, None for one without.
    """
    rows = []
    for (network, kind), of in measured.groupby(["space", "factors"], sort=False):
        mig = of[of["metric"] == "mig"].groupby("seed")["value"].mean()
        means = of.groupby("metric")["value"].mean()
        rows.append(
            {
                "Network": network,
                "β": betas[network],
                "Factors": kind,
                "MIG": mig.mean(),
                "± MIG": mig.std(),
                "Disentanglement": means["disentanglement"],
                "Completeness": means["completeness"],
                "Informativeness": means["informativeness"],
                "Chance": means["chance"],
            }
        )
    columns = ["Network", "β", "Factors", "MIG", "± MIG", "Disentanglement", "Completeness"]
    found = pd.DataFrame(rows, columns=[*columns, "Informativeness", "Chance"])
    return found.astype({"β": float})


def notes(measured: pd.DataFrame) -> list[str]:
    """What a reader of the table has to know, one sentence each."""
    if measured.empty:
        return ["There are fewer than two songs, or no factor varies, so nothing is measured."]
    names = measured[measured["metric"] == "mig"].groupby("factors", sort=False)["factor"].unique()
    seeds = measured["seed"].nunique()
    found = [
        f"{kind.capitalize()} factors: {', '.join(factors)}." for kind, factors in names.items()
    ]
    return [
        *found,
        "MIG: how much more the best latent tells of a factor than the second best, 0 to 1 (Chen "
        "et al. 2018). "
        + (f"Mean over {seeds} seeds, ± their standard deviation." if seeds > 1 else "One seed."),
        "Disentanglement: whether a latent tells of one factor; completeness: whether one latent "
        "tells all of a factor; both 0 to 1, of the first seed (Eastwood and Williams 2018). They "
        "mean little where informativeness, the balanced accuracy of a random forest on songs held "
        "out, is near chance, that of guessing.",
        "Factors go together, as genre with language and tempo with genre, so that no space could "
        f"keep all of them apart; those that are numbers are cut into {FACTOR_BINS} equally wide "
        "bins.",
    ]


def _concentration(importance: np.ndarray) -> float:
    """Mean over rows of 1 - entropy, in units of its maximum; rows weigh by their sums."""
    used = importance[importance.sum(axis=1) > 0]
    if importance.shape[1] < 2 or not len(used):
        return float("nan")
    concentration = 1 - contingency.entropy(used) / np.log(importance.shape[1])
    return float(np.average(concentration, weights=used.sum(axis=1)))

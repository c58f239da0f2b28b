"""Association between the words of a sentence and a label of its track, such as its genre."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency

from hybridmusic.evaluation import contingency
from hybridmusic.evaluation.resampling import against_chance, codes, shuffles
from hybridmusic.terms import GENRE, LANGUAGE


class Association(NamedTuple):
    """Strength of the association of two kinds of labels, and its p values."""

    chi_squared: float
    degrees: int
    p_independent: float  # of chi-squared, which treats clips of one song as independent
    cramers_v: float  # 0..1
    chance_v: float  # its mean with labels shuffled over units
    information: float  # nats
    p: float  # of information, by labels shuffled over units


COLUMNS = ("words", "label", "tracks", *Association._fields, "p_holm", "p_in_language")


def associate(words, labels, units, n: int, rng: np.random.Generator, within=None) -> Association:
    """Measure the association of words with labels by `n` permutations over units.

    Chi-squared is Pearson's, without Yates's correction. `words`, `labels`, `units` and `within`,
    strata that labels stay in (see `resampling.shuffles`), are (tracks,).
    """
    word, label = codes(words), codes(labels)
    shape = (word.max() + 1, label.max() + 1)
    dealt = np.array([label, *shuffles(label, units, n, rng, within)])
    tables = contingency.tables(word, dealt, shape)
    value, *shuffled = contingency.mutual_information(tables)
    v, *shuffled_v = cramers_v(tables)
    test = chi2_contingency(tables[0], correction=False)
    return Association(
        chi_squared=float(test.statistic),
        degrees=int(test.dof),
        p_independent=float(test.pvalue),
        cramers_v=float(v),
        chance_v=float(np.mean(shuffled_v)),
        information=float(value),
        p=against_chance(value, np.array(shuffled)).p,
    )


def cramers_v(tables: np.ndarray) -> np.ndarray:
    """Compute the bias-corrected Cramér's V of counts (..., words, labels), 0..1 (Bergsma 2013).

    The correction is for independent tracks, so that clips of songs leave V above 0 by chance.
    Every word and label occurs in each table. NaN if one side has a single value, or if there are
    no more tracks than values.
    """
    n = tables.sum(axis=(-2, -1))
    margins = tables.sum(axis=-1, keepdims=True) * tables.sum(axis=-2, keepdims=True)
    phi2 = (tables**2 / margins).sum(axis=(-2, -1)) - 1
    words, labels = tables.shape[-2:]
    phi2 = np.maximum(0, phi2 - (words - 1) * (labels - 1) / (n - 1))
    size = np.minimum(words - (words - 1) ** 2 / (n - 1), labels - (labels - 1) ** 2 / (n - 1))
    v2 = np.divide(phi2, size - 1, out=np.full(phi2.shape, np.nan), where=size > 1)
    return np.sqrt(np.minimum(v2, 1))


def holm(p: Sequence[float]) -> np.ndarray:
    """Correct `p` (tests,) for the number of tests, so that all hold together (Holm 1979)."""
    p = np.asarray(p, dtype=float)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return np.minimum(adjusted, 1)


def associations(words: pd.DataFrame, tracks: pd.DataFrame, n: int, seed: int) -> pd.DataFrame:
    """Measure the association of every column of words with genre and with language.

    `words` (tracks, columns) and `tracks` (with `genre`, `language` and `unit`) have the same rows.
    Tracks without a label are left out, and so is a label of fewer than two kinds. Each pair is a
    row of COLUMNS. `p_holm` is corrected for all rows. `p_in_language`, of genres shuffled within
    each language, is corrected for all values of its column.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for label in (GENRE, LANGUAGE):
        known = tracks[label].notna().to_numpy()
        labelled, described = tracks[known], words[known]
        if labelled[label].nunique() < 2:
            continue
        several = label == GENRE and labelled["language"].nunique() > 1
        for name in words:
            pair = described[name], labelled[label], labelled["unit"]
            overall = associate(*pair, n, rng)
            within = associate(*pair, n, rng, labelled["language"]).p if several else np.nan
            rows.append((name, label, len(labelled), *overall, np.nan, within))
    table = pd.DataFrame(rows, columns=COLUMNS)
    table["p_holm"] = holm(table["p"])
    inside = table["p_in_language"].notna()
    table.loc[inside, "p_in_language"] = holm(table.loc[inside, "p_in_language"])
    return table

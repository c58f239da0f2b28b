"""Whether two kinds of labels go together, as the words of a sentence and a genre."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import chi2_contingency

from hybridmusic import contingency
from hybridmusic.resampling import against_chance, codes, shuffles


class Association(NamedTuple):
    """How strongly two kinds of labels go together, and how surely."""

    chi_squared: float
    degrees: int
    p_independent: float  # of chi-squared: as if every track were a song of its own
    cramers_v: float  # 0..1
    information: float  # nats
    p: float  # of information: labels shuffled over songs


def associate(words, labels, songs, n: int, rng: np.random.Generator, within=None) -> Association:
    """Association of `words` with `labels`, both (tracks,), by `n` permutations over songs.

    Chi-squared is Pearson's, without Yates's correction. `within`: see `resampling.shuffles`.
    """
    word, label = codes(words), codes(labels)
    shape = (word.max() + 1, label.max() + 1)
    dealt = [label, *shuffles(label, songs, n, rng, within)]
    tables = np.array([contingency.table(word, one, shape) for one in dealt])
    value, *shuffled = contingency.mutual_information(tables)
    test = chi2_contingency(tables[0], correction=False)
    return Association(
        chi_squared=float(test.statistic),
        degrees=int(test.dof),
        p_independent=float(test.pvalue),
        cramers_v=cramers_v(tables[0]),
        information=float(value),
        p=against_chance(value, np.array(shuffled)).p,
    )


def cramers_v(table: np.ndarray) -> float:
    """Bias-corrected Cramér's V of counts (words, labels), 0..1 (Bergsma 2013).

    NaN where one side has a single value, or no more tracks than values.
    """
    n = table.sum()
    shape = np.array(table.shape)
    phi2 = chi2_contingency(table, correction=False).statistic / n
    phi2 = max(0.0, phi2 - (shape - 1).prod() / (n - 1))
    size = (shape - (shape - 1) ** 2 / (n - 1)).min()
    return float(min(1.0, np.sqrt(phi2 / (size - 1)))) if size > 1 else float("nan")


def holm(p: Sequence[float]) -> np.ndarray:
    """`p` (tests,) corrected for their number, so that all hold together (Holm 1979)."""
    p = np.asarray(p, dtype=float)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return np.minimum(adjusted, 1)

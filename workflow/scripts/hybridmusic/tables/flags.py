"""Flags of degenerate spaces and clusterings, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from hybridmusic.evaluation import degeneracy
from hybridmusic.evaluation.degeneracy import FEW_DISTINCT, LARGEST, NOISY, one_dimension
from hybridmusic.tables.sheet import UNDEFINED

WORDS = {
    degeneracy.FEW_ROWS: "few distinct rows",
    degeneracy.LINE: "nearly one dimension",
    degeneracy.ONE_CLUSTER: "one cluster",
    degeneracy.NOISE: "mostly noise",
}
NOTE = (
    f"Flags: few distinct rows, below {FEW_DISTINCT:.0%}; nearly one dimension, a participation "
    f"ratio below {one_dimension(np.inf):g} ({one_dimension(2):g} of two dimensions); one cluster, "
    f"with over {LARGEST:.0%} of the tracks; mostly noise, over {NOISY:.0%}."
)


def flags(measures: Mapping[str, float]) -> list[str]:
    """Return the flags of `measures` in words; see `degeneracy.flags` for the measures."""
    return [WORDS[flag] for flag in degeneracy.flags(measures)]


def degenerate(labels: Iterable[str], flagged: Iterable[str]) -> list[str]:
    """Name the labels with flags, in one sentence, if there are any."""
    pairs = zip(labels, flagged, strict=True)
    named = [f"{label} ({reasons})" for label, reasons in pairs if reasons != UNDEFINED]
    return [f"Degenerate, whatever their scores: {'; '.join(named)}."] if named else []

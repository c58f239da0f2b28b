"""Deviations of the features of a run from those of another program."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.errors import InputError
from hybridmusic.sound.features import N_MFCC, STATISTICS

CLIPS = 20
TOLERANCE = 1e-3  # what `sound.features.describe` promises
# MFCCs are in dB and cross zero, where a deviation relative to them would be unbounded.
LEAST_MFCC = 1.0  # dB
MFCC = [f"mfcc{number}_{name}" for number in range(1, N_MFCC + 1) for name in STATISTICS]


def drawn(catalogue: pd.DataFrame, described: pd.Series, seed: int) -> pd.DataFrame:
    """Draw up to 20 clips at random among those that are described from their sound.

    Raises InputError if there is none, as in a feature table.

    Parameters
    ----------
    catalogue : of the run
    described : ids of the clips with features
    seed : of the draw
    """
    clips = catalogue[catalogue["id"].isin(described) & catalogue["start"].notna()]
    if clips.empty:
        raise InputError("no clip of the run has sound, so librosa has nothing to describe")
    return clips.sample(min(CLIPS, len(clips)), random_state=seed)


def deviations(ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Return the largest relative deviation of each number, a row each.

    A deviation is relative to the other program's value, of an MFCC to 1 dB at least; two zeros
    agree.

    Parameters
    ----------
    ours, theirs : frames of `features` for the same clips in the same order

    Returns
    -------
    `feature`, `deviation`, the `clip` that has it and both of its values, `ours` and `theirs`, and
    `beyond`, the number of clips that deviate by more than a thousandth
    """
    ids = ours["id"].to_numpy()
    ours, theirs = _numbers(ours), _numbers(theirs)
    least = np.where(np.isin(ours.columns, MFCC), LEAST_MFCC, 0)
    scale = np.maximum(theirs.abs(), least)
    apart = (ours - theirs).abs()
    relative = (apart / scale).where(apart > 0, 0.0)
    worst = relative.to_numpy().argmax(axis=0)
    columns = np.arange(len(worst))
    return pd.DataFrame(
        {
            "feature": ours.columns,
            "deviation": relative.to_numpy()[worst, columns],
            "clip": ids[worst],
            "ours": ours.to_numpy()[worst, columns],
            "theirs": theirs.to_numpy()[worst, columns],
            "beyond": (relative > TOLERANCE).sum().to_numpy(),
        }
    )


def _numbers(features: pd.DataFrame) -> pd.DataFrame:
    """Return a column for each number, those of the MFCCs first."""
    mfcc = pd.DataFrame(np.stack(features["mfcc"]).astype(float), columns=MFCC)
    others = features.drop(columns=["id", "mfcc"]).astype(float).reset_index(drop=True)
    return pd.concat([mfcc, others], axis=1)

"""Sentences that describe tracks (paper, section 3.2.3), in the languages of the music."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hybridmusic.errors import InputError
from hybridmusic.sound.features import TERTILES

SLOW, FAST = 90.0, 130.0  # BPM
DESCRIPTORS = ("tempo", "energy", "brightness", "rhythm")

# `sentence`: its beginning, the separator of words, the one before the last word, and its end.
# For each descriptor: a word for each level, bottom to top, or for each value of `culture`.
WORDINGS = {
    "english": {
        "sentence": ("Audio with ", ", ", ", ", ""),
        "tempo": ("slow tempo", "medium tempo", "fast tempo"),
        "energy": ("low energy", "medium energy", "high energy"),
        "brightness": ("dark sound", "balanced sound", "bright sound"),
        "rhythm": ("simple rhythm", "moderate rhythm", "complex rhythm"),
        "scale": (
            *("pentatonic-like scale", "major-like scale", "minor-like scale"),
            "flat-second scale",
        ),
        "drone": ("no steady drone", "steady drone"),
        "cycle": (
            "no clear cycle",
            *(f"cycle of {n} beats" for n in ("three", "four", "five", "six", "seven", "eight")),
            *(f"cycle of {n} beats" for n in ("ten", "twelve", "sixteen")),
        ),
    },
    "bangla": {
        "sentence": ("", ", ", " ও ", " সহ অডিও"),
        "tempo": ("ধীর লয়", "মাঝারি লয়", "দ্রুত লয়"),
        "energy": ("কম শক্তি", "মাঝারি শক্তি", "উচ্চ শক্তি"),
        "brightness": ("গাঢ় ধ্বনি", "সুষম ধ্বনি", "উজ্জ্বল ধ্বনি"),
        "rhythm": ("সরল ছন্দ", "মধ্যম ছন্দ", "জটিল ছন্দ"),
        "scale": (
            *("পঞ্চস্বর-সদৃশ স্বরগ্রাম", "মেজর-সদৃশ স্বরগ্রাম", "মাইনর-সদৃশ স্বরগ্রাম"),
            "কোমল ঋষভের স্বরগ্রাম",
        ),
        "drone": ("অবিরাম সুর নেই", "অবিরাম সুর"),
        "cycle": (
            "স্পষ্ট আবর্তন নেই",
            *(f"{n} মাত্রার আবর্তন" for n in ("তিন", "চার", "পাঁচ", "ছয়", "সাত", "আট")),
            *(f"{n} মাত্রার আবর্তন" for n in ("দশ", "বারো", "ষোলো")),
        ),
    },
}


def levels(
    features: pd.DataFrame, thresholds: str, corpus: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the level of every descriptor: 0 bottom, 1 middle, 2 top.

    Tempo has fixed limits, SLOW and FAST.

    Parameters
    ----------
    features : one row per track; see `features.parquet`
    thresholds : 'corpus' for tertiles over all tracks, as in the paper; 'track' for percentiles
        of each track's own frames, as in its released code
    corpus : the features whose tertiles count; by default `features`

    Raises
    ------
    InputError : `thresholds` is 'track' and a track has no frames
    """
    corpus = features if corpus is None else corpus
    tempo = features["tempo"].to_numpy()
    columns = {"tempo": np.where(tempo < SLOW, 0, np.where(tempo <= FAST, 1, 2))}
    for name in DESCRIPTORS[1:]:
        value = features[name].to_numpy()
        if thresholds == "corpus":
            low, high = np.percentile(corpus[name].to_numpy(), TERTILES)
        else:
            low, high = features[f"{name}_low"].to_numpy(), features[f"{name}_high"].to_numpy()
            if np.isnan(low.astype(float)).any():
                raise InputError(
                    "text.thresholds is track, but tracks of a feature table have no frames; set "
                    "it to corpus"
                )
        columns[name] = np.where(value < low, 0, np.where(value < high, 1, 2))
    return pd.DataFrame(columns, index=features.index)


def cultural_levels(culture: pd.DataFrame, ids: pd.Series, names: Sequence[str]) -> pd.DataFrame:
    """Return the columns `names` of `culture` by id; raise InputError if it lacks a track."""
    lacking = set(ids) - set(culture["id"])
    if lacking:
        raise InputError(
            f"text.descriptors names {' and '.join(names)}, which need sound, but {len(lacking)} "
            f"tracks have none, such as {min(lacking)!r}"
        )
    return culture.set_index("id").loc[ids, list(names)].astype(int).reset_index(drop=True)


def write(
    levels: pd.DataFrame, wordings: list[str], descriptors: Sequence[str] = DESCRIPTORS
) -> list[str]:
    """Write one sentence per row of `levels`.

    Parameters
    ----------
    levels : of each descriptor, as `levels` and `cultural_levels` return them
    wordings : of each row, a key of WORDINGS
    descriptors : names of the descriptors in a sentence, in order
    """
    sentences = []
    for row, wording in zip(levels.to_dict("records"), wordings, strict=True):
        words = WORDINGS[wording]
        *others, last = (words[name][row[name]] for name in descriptors)
        start, between, before_last, end = words["sentence"]
        middle = before_last.join([between.join(others), last] if others else [last])
        sentences.append(start + middle + end)
    return sentences


def wordings_of(languages: list[str], wording: str) -> list[str]:
    """Return the wording of each track: `wording`, or for 'own' that of the track's language.

    A language without a wording takes the English one.
    """
    if wording != "own":
        return [wording] * len(languages)
    return [language if language in WORDINGS else "english" for language in languages]

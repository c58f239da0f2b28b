"""Sentences from audio (paper, section 3.2.3), in the languages of the music."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.audio import TERTILES
from hybridmusic.errors import InputError

SLOW, FAST = 90.0, 130.0  # BPM
DESCRIPTORS = ("tempo", "energy", "brightness", "rhythm")

# For each descriptor the words of its bottom, middle and top level.
WORDINGS = {
    "english": {
        "sentence": "Audio with {tempo}, {energy}, {brightness}, {rhythm}",
        "tempo": ("slow tempo", "medium tempo", "fast tempo"),
        "energy": ("low energy", "medium energy", "high energy"),
        "brightness": ("dark sound", "balanced sound", "bright sound"),
        "rhythm": ("simple rhythm", "moderate rhythm", "complex rhythm"),
    },
    "bangla": {
        "sentence": "{tempo}, {energy}, {brightness} ও {rhythm} সহ অডিও",
        "tempo": ("ধীর লয়", "মাঝারি লয়", "দ্রুত লয়"),
        "energy": ("কম শক্তি", "মাঝারি শক্তি", "উচ্চ শক্তি"),
        "brightness": ("গাঢ় ধ্বনি", "সুষম ধ্বনি", "উজ্জ্বল ধ্বনি"),
        "rhythm": ("সরল ছন্দ", "মধ্যম ছন্দ", "জটিল ছন্দ"),
    },
}


def levels(
    features: pd.DataFrame, thresholds: str, corpus: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Level (0 bottom, 1 middle, 2 top) of every descriptor, one row per row of `features`.

    `thresholds` is 'corpus' for tertiles over all tracks, as the paper says, or 'track' for the
    percentiles of each track's own frames, as its released code does. Tempo has fixed limits.
    `corpus` holds the features whose tertiles these are; `features` itself, unless it is given.
    """
    corpus = features if corpus is None else corpus
    tempo = features["tempo"].to_numpy()
    found = {"tempo": np.where(tempo < SLOW, 0, np.where(tempo <= FAST, 1, 2))}
    for name in DESCRIPTORS[1:]:
        value = features[name].to_numpy()
        if thresholds == "corpus":
            low, high = np.percentile(corpus[name].to_numpy(), TERTILES)
        else:
            low, high = features[f"{name}_low"].to_numpy(), features[f"{name}_high"].to_numpy()
            if np.isnan(low.astype(float)).any():
                raise InputError(
                    "text.thresholds: track needs the frames of every track, and some come from a "
                    "feature table, which has none; use corpus"
                )
        found[name] = np.where(value < low, 0, np.where(value < high, 1, 2))
    return pd.DataFrame(found, index=features.index)


def write(levels: pd.DataFrame, wordings: list[str]) -> list[str]:
    """One sentence per row of `levels`, each in the wording (a key of WORDINGS) of its row."""
    sentences = []
    for row, wording in zip(levels.to_dict("records"), wordings, strict=True):
        words = WORDINGS[wording]
        said = {name: words[name][row[name]] for name in DESCRIPTORS}
        sentences.append(words["sentence"].format(**said))
    return sentences


def wordings_of(languages: list[str], wording: str) -> list[str]:
    """The wording of each track: `wording` itself, or for 'own' that of the track's language.

    A language without a wording of its own is described in English.
    """
    if wording != "own":
        return [wording] * len(languages)
    return [language if language in WORDINGS else "english" for language in languages]

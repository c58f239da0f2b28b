"""Settings and data for training every kind of network."""

import numpy as np
from samples import near

from hybridmusic import kinds
from hybridmusic.training.positives import positives

SETTINGS = {"epochs": 3, "batch_size": 8, "learning_rate": 0.01}


def settings(kind, **row):
    chosen = kinds.settings("networks", kind, SETTINGS | row)
    return chosen | {"n_labels": 3} if "labels" in chosen else chosen


def widths(kind, n_features):
    """Return the argument `n_features` of `build`: a list of widths for a fusion of spaces."""
    if not kinds.declared("networks", kind, "SEVERAL"):
        return n_features
    return [n_features - n_features // 2, n_features // 2] if n_features > 1 else [n_features]


def data(n=30, d=12, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


def given(chosen, x, seeds, songs=None):
    """Return the arguments of training besides features: labels, positive pairs, or none."""
    if "labels" in chosen:
        labels = np.eye(chosen["n_labels"])[np.arange(len(x)) % chosen["n_labels"]]
        return {"labels": np.stack([labels] * len(seeds))}
    if "positives" not in chosen:
        return {}
    songs = range(len(x)) if songs is None else songs
    pairs = positives(chosen["positives"], near(x).nearest(chosen["neighbours"]).indices, songs)
    return {"pairs": [pairs] * len(seeds)}

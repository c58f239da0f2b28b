"""Settings and data that every kind of network can be trained with."""

import numpy as np
from samples import near

from hybridmusic import kinds
from hybridmusic.training.positives import positives

SETTINGS = {"epochs": 3, "batch_size": 8, "learning_rate": 0.01}


def settings(kind, **row):
    chosen = kinds.settings("networks", kind, SETTINGS | row)
    return chosen | {"n_labels": 3} if "labels" in chosen else chosen


def widths(kind, n_features):
    """What `build` wants to know of features: the widths of the spaces that a fusion takes."""
    if not kinds.declared("networks", kind, "SEVERAL"):
        return n_features
    return [n_features - n_features // 2, n_features // 2] if n_features > 1 else [n_features]


def data(n=30, d=12, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


def given(chosen, x, seeds, songs=None):
    """What training by these settings wants to know beside the features."""
    if "labels" in chosen:
        told = np.eye(chosen["n_labels"])[np.arange(len(x)) % chosen["n_labels"]]
        return {"labels": np.stack([told] * len(seeds))}
    if "positives" not in chosen:
        return {}
    songs = range(len(x)) if songs is None else songs
    pairs = positives(chosen["positives"], near(x).nearest(chosen["neighbours"]).indices, songs)
    return {"pairs": [pairs] * len(seeds)}

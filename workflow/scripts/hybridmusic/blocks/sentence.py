"""Make the text block of embedded sentences (paper, section 3.2.4)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.spaces.scaling import standardise

READS = ("sentences", "embeddings")


def block(sentences: pd.DataFrame, embeddings: pd.DataFrame) -> tuple[list[str], np.ndarray]:
    """Return ids, and the standardised embedding of each track's sentence: (tracks, 384)."""
    return sentences["id"].to_list(), standardise(_embedded(sentences, embeddings))


def place(old: dict[str, pd.DataFrame], new: dict[str, pd.DataFrame]) -> np.ndarray:
    """Return the new tracks' embedded sentences, scaled like those of the old tracks."""
    return standardise(_embedded(**new), _embedded(**old))


def _embedded(sentences: pd.DataFrame, embeddings: pd.DataFrame) -> np.ndarray:
    """Return the embedding of each track's sentence, (tracks, 384)."""
    vectors = dict(zip(embeddings["sentence"], embeddings["vector"], strict=True))
    return np.stack([vectors[sentence] for sentence in sentences["sentence"]])

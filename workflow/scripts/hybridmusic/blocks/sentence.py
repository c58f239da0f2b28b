"""The text block: embeddings of the tracks' sentences (paper, section 3.2.4)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.spaces.scaling import standardise

READS = ("sentences", "embeddings")
SETTINGS = {}


def block(sentences: pd.DataFrame, embeddings: pd.DataFrame) -> tuple[list[str], np.ndarray]:
    """Ids, and each track's embedded sentence, standardised: (tracks, 384)."""
    return sentences["id"].to_list(), standardise(_embedded(sentences, embeddings))


def place(old: dict[str, pd.DataFrame], new: dict[str, pd.DataFrame]) -> np.ndarray:
    """New tracks' embedded sentences, scaled as those of the old ones were."""
    return standardise(_embedded(**new), _embedded(**old))


def _embedded(sentences: pd.DataFrame, embeddings: pd.DataFrame) -> np.ndarray:
    """Each track's embedded sentence, (tracks, 384)."""
    vectors = dict(zip(embeddings["sentence"], embeddings["vector"], strict=True))
    return np.stack([vectors[sentence] for sentence in sentences["sentence"]])

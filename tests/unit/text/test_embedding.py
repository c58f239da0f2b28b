"""Sentences are embedded by a model in a folder."""

import numpy as np
import pytest

from hybridmusic.errors import InputError
from hybridmusic.text.embedding import embed


def test_bundled_model_embeds_and_knows_meaning():
    texts = [
        "Audio with slow tempo, low energy, dark sound, simple rhythm",
        "Audio with slow tempo, low energy, dark sound, moderate rhythm",
        "The parliament passed a law on fisheries",
    ]
    found = embed(texts, "bundled")
    assert found.shape == (3, 384)
    assert found.dtype == np.float32
    near, far = found[0] @ found[1], found[0] @ found[2]
    assert near > 0.8 > far


def test_a_missing_model_is_reported_in_a_sentence(tmp_path):
    (tmp_path / "model").mkdir()
    with pytest.raises(InputError, match=r"text\.model .* cannot be loaded"):
        embed(["a"], str(tmp_path / "model"))

"""Sentences are embedded by a model in a folder."""

import numpy as np
import pytest

from hybridmusic.errors import InputError
from hybridmusic.text.embedding import embed

pytestmark = pytest.mark.numerical


def test_bundled_model_embeds_and_knows_meaning():
    texts = [
        "Audio with slow tempo, low energy, dark sound, simple rhythm",
        "Audio with slow tempo, low energy, dark sound, moderate rhythm",
        "The parliament passed a law on fisheries",
    ]
    vectors = embed(texts, "bundled")
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    near, far = vectors[0] @ vectors[1], vectors[0] @ vectors[2]
    assert near > 0.8 > far


def test_a_missing_model_is_reported_in_a_sentence(tmp_path):
    (tmp_path / "model").mkdir()
    with pytest.raises(InputError, match=r"text\.model .* cannot be loaded"):
        embed(["a"], str(tmp_path / "model"))

"""The text block has each track's sentence."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.blocks import sentence
from hybridmusic.spaces.scaling import standardise

pytestmark = pytest.mark.numerical


def test_sentence_block_gives_each_track_its_sentence():
    table = pd.DataFrame({"id": ["x", "y", "z"], "sentence": ["b", "a", "b"]})
    vectors = pd.DataFrame({"sentence": ["a", "b"], "vector": [[0.0, 1.0], [2.0, 1.0]]})
    _, found = sentence.block(table, vectors)
    expected = standardise(np.array([[2.0, 1.0], [0.0, 1.0], [2.0, 1.0]]))
    np.testing.assert_array_equal(found, expected)

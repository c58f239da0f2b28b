"""The audio block has the chosen statistics."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.blocks import mfcc
from hybridmusic.spaces.scaling import standardise

pytestmark = pytest.mark.numerical


def test_mfcc_block_takes_the_chosen_statistics():
    values = np.random.default_rng(0).normal(size=(20, 52)).astype(np.float32)
    features = pd.DataFrame({"id": list("abcdefghijklmnopqrst"), "mfcc": list(values)})
    ids, found = mfcc.block(features, statistics=["mean"])
    assert ids == features["id"].to_list()
    np.testing.assert_allclose(found, standardise(values[:, ::4]), atol=1e-6)
    _, found = mfcc.block(features, statistics=["mean", "std", "min", "max"])
    np.testing.assert_allclose(found, standardise(values), atol=1e-6)

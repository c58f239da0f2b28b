"""Vectors from outside are joined by id."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.blocks import external
from hybridmusic.errors import InputError
from hybridmusic.spaces.scaling import standardise

pytestmark = pytest.mark.numerical


def external_vectors(ids, width=3):
    vectors = np.random.default_rng(0).normal(size=(len(ids), width)).astype(np.float32)
    return pd.DataFrame({"id": ids, "vector": list(vectors)})


def test_external_vectors_join_by_id_and_say_what_does_not_match(caplog):
    features = pd.DataFrame({"id": ["a", "b", "c", "d"]})
    vectors = external_vectors(["d", "x", "b", "a"])
    ids, found = external.block(features, vectors, standardise=False)
    assert ids == ["a", "b", "d"]
    np.testing.assert_array_equal(found, np.stack(vectors["vector"])[[3, 2, 0]])
    assert "1 of 4 tracks have no vector and are left out of the space: 'c'" in caplog.text
    assert "1 vectors belong to no track: 'x'" in caplog.text
    _, scaled = external.block(features, vectors, standardise=True)
    np.testing.assert_allclose(scaled, standardise(found), atol=1e-6)


@pytest.mark.parametrize(
    ("vectors", "message"),
    [
        (external_vectors(["x", "y"]), "none of their 2 ids is the id of a track"),
        (external_vectors(["a", "a"]), "two have the id 'a'"),
        (pd.DataFrame({"id": ["a", "b"], "vector": [[1.0], [1.0, 2.0]]}), "not all of one length"),
        (pd.DataFrame({"id": ["a"], "vector": [[np.nan]]}), "not finite"),
        (pd.DataFrame({"id": ["a"], "vector": [[]]}), "not finite, or nothing"),
        (pd.DataFrame({"id": ["a"], "vector": [["x"]]}), "values that are no numbers"),
        (pd.DataFrame({"id": ["a"], "vector": [1.0]}), "not finite, or nothing"),
        (pd.DataFrame({"id": ["a"], "vector": [None]}), "not finite, or nothing|no numbers"),
    ],
)
def test_bad_external_vectors_are_reported(vectors, message):
    with pytest.raises(InputError, match=message):
        external.block(pd.DataFrame({"id": ["a", "b"]}), vectors, standardise=False)

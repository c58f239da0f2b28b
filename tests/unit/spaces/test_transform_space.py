"""The adapter of transforms passes on what a kind declares."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from adapters.spaces import transform_space
from hybridmusic import kinds
from hybridmusic.errors import InputError
from shared import job


def test_a_transform_gets_only_the_columns_that_it_declares(tmp_path, monkeypatch):
    seen = {}

    def transform(x, seed, **given):
        seen.update(given)
        return x

    module = SimpleNamespace(
        **{"SEVERAL": False, "RANDOM": False, "NEEDS": ("language",)},
        transform=transform,
    )
    monkeypatch.setattr(kinds, "load", lambda *_: module)
    job.write_space(["a", "b"], {1: np.eye(2)}, tmp_path / "space.parquet")
    catalogue = {
        "id": ["b", "a"],
        "song": "s",
        "unit": "s",
        "language": ["x", "y"],
        "genre": ["g", "h"],
    }
    catalogue = pd.DataFrame(catalogue)
    catalogue.to_parquet(tmp_path / "catalogue.parquet")
    transform_space.main(
        SimpleNamespace(
            params=SimpleNamespace(
                kind="any",
                level="clip",
                settings='{"by": "language"}',
                seeds=[1],
                exact_up_to=9,
            ),
            input=SimpleNamespace(
                spaces=[tmp_path / "space.parquet"],
                graph=[],
                catalogue=tmp_path / "catalogue.parquet",
            ),
            output=SimpleNamespace(space=tmp_path / "out.parquet"),
        )
    )
    assert seen.pop("language").tolist() == ["y", "x"]
    assert seen == {"by": "language"}


def test_spaces_of_different_tracks_meet_in_those_they_share(tmp_path):
    job.write_space(["a", "b", "c"], {1: np.eye(3)}, tmp_path / "one.parquet")
    job.write_space(["c", "a"], {1: np.ones((2, 2)), 2: np.eye(2)}, tmp_path / "two.parquet")
    ids, (one, two) = job.read_common([tmp_path / "one.parquet", tmp_path / "two.parquet"])
    assert ids == ["a", "c"]
    np.testing.assert_array_equal(one[1], np.eye(3)[[0, 2]])
    np.testing.assert_array_equal(two[2], np.eye(2)[[1, 0]])
    with pytest.raises(InputError, match=r"lacks 1 of the tracks .* such as 'b'"):
        job.vectors_of(pd.Series(["a", "b"]), job.read_space(tmp_path / "two.parquet"), 1)

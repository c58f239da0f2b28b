"""Vectors from outside are read from Parquet and npz, and never unpickled."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.errors import InputError
from hybridmusic.tracks.vectors import read_vectors

TABLE = pd.DataFrame({"id": ["a", "b"], "vector": [[1.0, 2.0], [3.0, 4.5]]})


@pytest.fixture
def folder(tmp_path):
    """Write the same vectors as `v.parquet` and `v.npz`."""
    TABLE.to_parquet(tmp_path / "v.parquet")
    np.savez(tmp_path / "v.npz", id=np.array(["a", "b"]), vector=np.stack(TABLE["vector"]))
    return tmp_path


@pytest.mark.parametrize("name", ["v.parquet", "v.npz"])
def test_vectors_are_read_from_parquet_and_npz(folder, name):
    table = read_vectors(folder / name)
    assert table["id"].to_list() == ["a", "b"]
    np.testing.assert_array_equal(np.stack(table["vector"]), np.stack(TABLE["vector"]))


def test_ids_that_are_numbers_become_text(tmp_path):
    np.savez(tmp_path / "v.npz", id=np.array([7, 8]), vector=np.eye(2))
    assert read_vectors(tmp_path / "v.npz")["id"].to_list() == ["7", "8"]


def test_files_that_are_damaged_or_pickled_are_refused_in_one_sentence(folder):
    objects = np.array(["a", "b"], dtype=object)
    np.savez(folder / "pickled.npz", id=objects, vector=np.zeros((2, 2)))
    (folder / "text.parquet").write_text("no")
    TABLE[["id"]].to_parquet(folder / "half.parquet")
    bad = ["pickled.npz", "text.parquet", "half.parquet", "none.npz"]
    for name in ("v.parquet", "v.npz"):
        whole = (folder / name).read_bytes()
        for cut in (0, 90, len(whole) - 9):
            bad.append(f"{cut}-{name}")
            (folder / bad[-1]).write_bytes(whole[:cut])
    for name in bad:
        with pytest.raises(InputError, match="cannot be read as vectors") as caught:
            read_vectors(folder / name)
        assert "\n" not in str(caught.value)

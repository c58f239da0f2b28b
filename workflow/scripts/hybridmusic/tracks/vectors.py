"""Read vectors of tracks that were computed outside of the workflow."""

from __future__ import annotations

import zlib
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import pandas as pd

from hybridmusic.errors import InputError


def read_vectors(path: str | Path) -> pd.DataFrame:
    """Read the columns `id` and `vector` of a Parquet file or an npz archive.

    Raises InputError if it is neither, lacks a column, or would have to be unpickled.
    """
    try:
        if Path(path).suffix == ".npz":
            with np.load(path, allow_pickle=False) as archive:
                table = pd.DataFrame({"id": archive["id"], "vector": list(archive["vector"])})
        else:
            table = pd.read_parquet(path, columns=["id", "vector"])
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile, zlib.error) as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise InputError(
            f"{path} cannot be read as vectors ({lines[0]}): it has to be a Parquet file or an npz "
            "archive with id and vector"
        ) from error
    return table.astype({"id": str})

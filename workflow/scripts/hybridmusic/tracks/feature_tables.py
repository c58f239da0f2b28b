"""Published feature tables in the schema of the CSV that Kaggle ships with GTZAN.

Such a table has one row per track. Its columns are `filename`, perhaps `label` and `language`, and
statistics of librosa's features: `mfcc1_mean`, `mfcc1_var`, ..., `tempo`, `rms_mean`,
`spectral_centroid_mean`, `chroma_stft_var`. Order does not matter. All numeric columns together
are a richer description of a track than `features` alone.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from hybridmusic.errors import InputError
from hybridmusic.sound.features import N_MFCC, STATISTICS

# The column of a file's length, which does not describe its music.
LENGTH = "length"
# For each of STATISTICS that a table has: the suffix of its columns, and the conversion to ours.
SUFFIXES = {"mean": ("mean", np.asarray), "std": ("var", np.sqrt)}
# For each descriptor: its column, and the conversion to ours.
DESCRIPTORS = {
    "tempo": ("tempo", np.asarray),
    "energy": ("rms_mean", np.asarray),
    "brightness": ("spectral_centroid_mean", np.asarray),
    "rhythm": ("chroma_stft_var", np.sqrt),
}


def features(table: pd.DataFrame, names: pd.Series, where: str) -> pd.DataFrame:
    """Convert a feature table to the columns of `features.parquet`, without `id`.

    Statistics that it lacks, as min and max of the MFCCs, become NaN. Messages begin with `where`
    and call tracks by their `names`. Raises InputError if a column is missing, or a field is not a
    possible number.
    """
    moments = np.full((len(table), N_MFCC, len(STATISTICS)), np.nan, dtype=np.float32)
    for position, statistic in enumerate(STATISTICS):
        if statistic in SUFFIXES:
            suffix, convert = SUFFIXES[statistic]
            for number in range(N_MFCC):
                name = f"mfcc{number + 1}_{suffix}"
                moments[:, number, position] = convert(_numbers(table, name, names, where))
    described = {"mfcc": list(moments.reshape(len(table), -1))}
    for name, (column, convert) in DESCRIPTORS.items():
        described[name] = convert(_numbers(table, column, names, where))
    return pd.DataFrame(described, index=table.index)


def numbers(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns, except LENGTH, that hold a finite number for every track."""
    read = table.drop(columns=LENGTH, errors="ignore").apply(pd.to_numeric, errors="coerce")
    read = read.astype(float)
    return read.loc[:, np.isfinite(read).all()]


def digests(described: pd.DataFrame) -> list[str]:
    """Return a fingerprint of each row; rows with equal features have equal fingerprints."""
    descriptors = described[list(DESCRIPTORS)].to_numpy(dtype=float)
    return [
        hashlib.blake2b(mfcc.tobytes() + row.tobytes(), digest_size=16).hexdigest()
        for mfcc, row in zip(described["mfcc"], descriptors, strict=True)
    ]


def _numbers(table: pd.DataFrame, column: str, names: pd.Series, where: str) -> np.ndarray:
    if column not in table:
        raise InputError(f"{where} is a feature table without the column {column}")
    values = pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=float)
    is_variance = column.endswith("_var")
    bad = ~np.isfinite(values) | (is_variance & (values < 0))
    if bad.any():
        row = int(np.argmax(bad))
        raise InputError(
            f"{where}: {column} of {names.iloc[row]!r} is {table[column].iloc[row]!r}; allowed: "
            f"a finite number{' from 0' if is_variance else ''}"
        )
    return values

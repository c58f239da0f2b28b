"""Published feature tables in the schema of the CSV that Kaggle ships with GTZAN.

Such a table has a row per track and, by name, `filename`, perhaps `label` and `language`, and
statistics of librosa's features: `mfcc1_mean`, `mfcc1_var`, ..., `tempo`, `rms_mean`,
`spectral_centroid_mean`, `chroma_stft_var`. All its numbers together are a richer description.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from hybridmusic.errors import InputError
from hybridmusic.sound.features import N_MFCC, STATISTICS

# The column that tells how long a file is, which is no description of music.
LENGTH = "length"
# Statistic of ours, the suffix of its column, and how its values become ours.
SUFFIXES = {"mean": ("mean", np.asarray), "std": ("var", np.sqrt)}
DESCRIPTORS = {
    "tempo": ("tempo", np.asarray),
    "energy": ("rms_mean", np.asarray),
    "brightness": ("spectral_centroid_mean", np.asarray),
    "rhythm": ("chroma_stft_var", np.sqrt),
}


def features(table: pd.DataFrame, where: str) -> pd.DataFrame:
    """The fields of `features.parquet` but `id`, one row per row of `table`.

    Statistics that the table lacks, as min and max of the MFCCs, are NaN. Raises InputError,
    beginning with `where`, if a column that must be there is missing or holds no numbers.
    """
    moments = np.full((len(table), N_MFCC, len(STATISTICS)), np.nan, dtype=np.float32)
    for position, statistic in enumerate(STATISTICS):
        if statistic in SUFFIXES:
            suffix, convert = SUFFIXES[statistic]
            for number in range(N_MFCC):
                name = f"mfcc{number + 1}_{suffix}"
                moments[:, number, position] = convert(_numbers(table, name, where))
    described = {"mfcc": list(moments.reshape(len(table), -1))}
    for name, (column, convert) in DESCRIPTORS.items():
        described[name] = convert(_numbers(table, column, where))
    return pd.DataFrame(described, index=table.index)


def numbers(table: pd.DataFrame) -> pd.DataFrame:
    """All columns of `table` that hold a finite number for every track, but LENGTH.

    Blank fields are no numbers.
    """
    read = table.drop(columns=LENGTH, errors="ignore").apply(pd.to_numeric, errors="coerce")
    read = read.astype(float)
    return read.loc[:, np.isfinite(read).all()]


def digests(described: pd.DataFrame) -> list[str]:
    """A fingerprint of each row of features, the same for rows that are equal in all of them."""
    descriptors = described[list(DESCRIPTORS)].to_numpy(dtype=float)
    return [
        hashlib.blake2b(mfcc.tobytes() + row.tobytes(), digest_size=16).hexdigest()
        for mfcc, row in zip(described["mfcc"], descriptors, strict=True)
    ]


def _numbers(table: pd.DataFrame, column: str, where: str) -> np.ndarray:
    if column not in table:
        raise InputError(f"{where} is a feature table without the column {column}")
    values = pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=float)
    bad = ~np.isfinite(values) | (values < 0 if column.endswith("_var") else False)
    if bad.any():
        row = int(np.argmax(bad))
        raise InputError(
            f"{where}: {column} of {table['filename'].iloc[row]!r} is "
            f"{table[column].iloc[row]!r}, not a number that it can be"
        )
    return values

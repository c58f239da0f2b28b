"""Join what a table knows of files, such as their artists, to the tracks of a source."""

from __future__ import annotations

import logging
import re
from pathlib import PurePosixPath

import pandas as pd

from hybridmusic.errors import InputError
from hybridmusic.tracks.files import METADATA_COLUMNS, NAMES_OF_FILES

logger = logging.getLogger(__name__)

# A segment of a file in a published feature table, such as `blues.00000.3.wav`.
SEGMENT = re.compile(r"\.\d$")


def known(paths: pd.Series, table: pd.DataFrame, where: str) -> pd.DataFrame:
    """Return what a table of files knows of each track: METADATA_COLUMNS, None where nothing.

    A track and a row belong together if their base names are equal; otherwise if their stems are,
    so that endings may differ; otherwise if the track's stem has the number of a segment more.

    Parameters
    ----------
    paths : file of each track, (tracks,)
    table : one row per file, with a column `file_path` or `filename`
    where : beginning of messages

    Raises
    ------
    InputError : two rows or two tracks have the name of one file, or no track is in the table
    """
    column = next(name for name in NAMES_OF_FILES if name in table)
    names = pd.Series([PurePosixPath(name).name for name in table[column].dropna()], dtype=object)
    if names.duplicated().any():
        raise InputError(
            f"{where}: {column} has {names[names.duplicated()].iloc[0]!r} twice, without folders; "
            "allowed: one row for each file"
        )
    stems = pd.Series(names.index, [PurePosixPath(name).stem for name in names])
    rows = stems[~stems.index.duplicated(keep=False)].to_dict() | {
        name: row for row, name in names.items()
    }
    files = [PurePosixPath(path) for path in paths]
    matches = [next(filter(rows.__contains__, _keys(file)), None) for file in files]
    found = pd.Series([rows.get(key) for key in matches], paths.index, dtype="Int64")
    exact = paths[
        [file.name == key for file, key in zip(files, matches, strict=True)]
    ].drop_duplicates()
    bases = exact.map(lambda path: PurePosixPath(path).name)
    if bases.duplicated().any():
        alike = exact[bases == bases[bases.duplicated()].iloc[0]]
        raise InputError(
            f"{where}: {alike.iloc[0]!r} and {alike.iloc[1]!r} have one name, so a row may be of "
            "either; allowed: files of different names"
        )
    if found.isna().all():
        raise InputError(
            f"{where} is of none of the tracks: it names {_first(names)}, for example, and the "
            f"source has {_first(pd.Series([file.name for file in files]))}"
        )
    logger.info("%s: of %d of %d tracks", where, found.notna().sum(), len(found))
    facts = table[table[column].notna()].reset_index(drop=True)
    facts = facts.reindex(columns=METADATA_COLUMNS).astype(object).reindex(found)
    return facts.where(facts.notna(), None).set_index(paths.index)


def _keys(file: PurePosixPath) -> list[str]:
    return [file.name, file.stem, SEGMENT.sub("", file.stem)]


def _first(names: pd.Series) -> str:
    return repr(names.iloc[0]) if len(names) else "no file"

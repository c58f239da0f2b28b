"""From listed tracks to the catalogue of a run: duplicates, segments, samples, balanced languages.

Functions of frames with the columns of `sources.COLUMNS`; nothing here reads a file.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd

from hybridmusic.errors import ClipError, InputError

logger = logging.getLogger(__name__)

Durations = Iterable[float | ClipError | None]


def duplicates(tracks: pd.DataFrame, drop: bool) -> pd.DataFrame:
    """Return the rows whose content another row has too: `content, id, file_path, kept`.

    Rows of equal content follow each other, in the order of the first row of each group, and keep
    their index. `kept` is false for all but that first row if `drop`. A row without content equals
    no other.
    """
    equal = tracks[tracks["content"].notna() & tracks["content"].duplicated(keep=False)]
    group = equal.groupby("content", sort=False).ngroup()
    equal = equal.loc[group.sort_values(kind="stable").index]
    kept = ~equal["content"].duplicated() | (not drop)
    return equal[["content", "id", "file_path"]].assign(kept=kept)


def catalogue(
    tracks: pd.DataFrame,
    sources: Sequence[dict],
    durations: Callable[[pd.DataFrame], Durations],
    *,
    seconds: float,
    segments: int | str,
    cut_from: str,
    balanced: bool,
    seed: int,
) -> pd.DataFrame:
    """Cut the tracks of every source into segments, draw its sample, and balance the languages.

    `tracks` has one row per file; a source has a `name` and perhaps `sample`, the number of tracks
    to draw. `durations` returns those of the files of some tracks, and `segment` explains the other
    settings. If `balanced`, as many tracks of every language are drawn as the rarest one has.
    Raises InputError if two rows have one id.
    """
    drawn = []
    for source in sources:
        rows = tracks[tracks["source"] == source["name"]]
        rows = segment(rows, seconds, segments, cut_from, durations(rows))
        if "sample" in source:
            rows = sample(rows, source["sample"], source["name"], seed)
        logger.info("source %r: %d tracks", source["name"], len(rows))
        drawn.append(rows)
    rows = pd.concat(drawn, ignore_index=True)
    repeated = rows.loc[rows["id"].duplicated(), "id"]
    if len(repeated):
        raise InputError(f"two tracks have the id {repeated.iloc[0]!r}: ids have to be unique")
    return balance(rows, seed) if balanced else rows


def segment(
    tracks: pd.DataFrame, seconds: float, segments: int | str, cut_from: str, durations: Durations
) -> pd.DataFrame:
    """Return one row per segment of each file; its id is `<id>#<n>` where a file has several.

    `starts` explains the settings. Durations, s, are iterated only where segments depend on them. A
    row stays as it is where there is None, as for a row of a feature table, or a ClipError:
    decoding the file will report the reason.
    """
    if segments == 1 and cut_from != "middle":
        return tracks  # the only segment begins at 0, however long the file is
    rows = []
    for row, duration in zip(tracks.to_dict("records"), durations, strict=True):
        begins = [row["start"]]
        if duration is not None and not isinstance(duration, ClipError):
            begins = starts(duration, seconds, segments, cut_from)
        for number, start in enumerate(begins):
            name = f"{row['id']}#{number}" if len(begins) > 1 else row["id"]
            rows.append(row | {"id": name, "start": start})
    return pd.DataFrame(rows, columns=tracks.columns)


def starts(duration: float, seconds: float, segments: int | str, cut_from: str) -> list[float]:
    """Return where the segments of a file begin, in s: in order, never overlapping.

    Parameters
    ----------
    duration : of the file, s
    seconds : length of a segment, s
    segments : a number, or `all`; fewer where the file has room for fewer, but at least one
    cut_from : `start`, one after the other from 0 on; `middle`, one after the other around the
        middle; or `spread`, at equal distances from the very start to the very end
    """
    room = max(1, int(duration / seconds + 1e-6))
    count = room if segments == "all" else min(segments, room)
    spare = max(0.0, duration - count * seconds)
    first = spare / 2 if cut_from == "middle" else 0.0
    gap = spare / max(1, count - 1) if cut_from == "spread" else 0.0
    return [first + n * (seconds + gap) for n in range(count)]


def sample(tracks: pd.DataFrame, size: int, source: str, seed: int) -> pd.DataFrame:
    """Draw `size` random tracks of one source, or take all with a warning where there are fewer."""
    if size > len(tracks):
        logger.warning(
            "source %r has %d tracks, fewer than the sample of %d: all are used",
            *(source, len(tracks), size),
        )
    return _draw(tracks, size, seed)


def balance(tracks: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Draw as many random tracks of every language as the rarest one has."""
    counts = tracks["language"].value_counts()
    rarest = counts.min()
    for language, count in counts.items():
        if count > rarest:
            logger.warning(
                "%d of %d %s tracks are used, as many as %s has (balance: false uses all)",
                *(rarest, count, language, counts.idxmin()),
            )
    groups = tracks.groupby("language", sort=True)
    return pd.concat([_draw(group, rarest, seed) for _, group in groups]).sort_index()


def of_catalogue(tables: Iterable[pd.DataFrame | None], ids: pd.Series) -> pd.DataFrame:
    """Join the tables of several sources, indexed by id, and keep the rows of the catalogue."""
    table = pd.concat([pd.DataFrame(), *(table for table in tables if table is not None)])
    table = table.loc[table.index.isin(ids)]
    return table.assign(id=table.index.astype(str))


def _draw(tracks: pd.DataFrame, size: int, seed: int) -> pd.DataFrame:
    """Return `size` random rows, or all if there are fewer, in their old order.

    Each row is ranked by a hash of its id and the seed, and the lowest ranks are drawn, so that
    adding or removing one track changes at most one of those drawn.
    """
    ranks = [hashlib.blake2b(f"{seed} {name}".encode()).hexdigest() for name in tracks["id"]]
    return tracks.iloc[np.sort(np.argsort(ranks)[:size])]

"""Make spaces and clusters from vectors: for rules of a run, and again for halves of its tracks."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from hybridmusic import kinds
from hybridmusic.spaces.members import member, seeds_of
from hybridmusic.terms import AUTO, GENRES
from hybridmusic.tracks import songs
from shared import graphs

logger = logging.getLogger(__name__)

Members = dict[int, np.ndarray]


def transformed(
    kind: str,
    settings: dict,
    sources: Sequence[Members],
    seeds: Sequence[int],
    exact_up_to: int | None,
    *,
    tracks: pd.DataFrame | None = None,
    level: str | None = None,
    graph: str | None = None,
) -> Members:
    """Make a space from one or several others, seed by seed.

    Parameters
    ----------
    kind, settings : of the transform, all of its settings
    sources : vectors (tracks, d) by seed, of each parent
    seeds : of the run
    exact_up_to : number of tracks up to which searches of neighbours are exact
    tracks : catalogue of the tracks by id, if the kind or its graph needs a column of it
    level : row level of the parents, CLIP or SONG
    graph : file of the neighbours; without one they are searched
    """
    module, rows, number = kinds.load("transforms", kind), slice(None), slice(None)
    if tracks is not None:
        rows, number = songs.units(tracks["song"], level)
        tracks = tracks.iloc[rows]
    sources = [{seed: x[rows] for seed, x in source.items()} for source in sources]
    neighbours = graphs.handed(module, settings, sources[0], exact_up_to, tracks=tracks, path=graph)
    columns = {column: tracks[column].to_numpy() for column in getattr(module, "NEEDS", ())}
    graphs.warm_up(module)
    members = {}
    for seed in seeds_of(sources, module.RANDOM, seeds):
        vectors = [member(source, seed) for source in sources]
        x = vectors if module.SEVERAL else vectors[0]
        made = module.transform(x, seed, **member(neighbours, seed), **settings, **columns)
        members[seed] = made[number]
    return members


def numbers(ks: list, genres: pd.Series, chosen: int | None) -> list[int]:
    """Return the numbers of clusters once each, with words replaced or left out with a warning.

    Parameters
    ----------
    ks : numbers and words, as `k` in the configuration
    genres : of the tracks
    chosen : number that was chosen for the space, if any
    """
    words = {GENRES: genres.nunique() if genres.nunique() > 1 else None, AUTO: chosen}
    reasons = {GENRES: "fewer than two genres", AUTO: "nothing is stable in this space"}
    for word in [k for k in ks if k in words and words[k] is None]:
        logger.warning("%s: left out k = %s", reasons[word], word)
    return list(dict.fromkeys(k for k in (words.get(k, k) for k in ks) if k is not None))


def clustered(
    method: dict,
    x: np.ndarray,
    ks: Sequence[int | None],
    seed: int,
    exact_up_to: int | None,
    tracks: pd.DataFrame,
) -> Iterator[dict]:
    """Cluster vectors for each number of clusters; yield `method`, `id`, `k` and `cluster`.

    At song level each song is one row, and all of its clips get its cluster. Numbers above that of
    the clips or songs are left out.

    Parameters
    ----------
    method : its `name`, `clusterer`, `level` and all `settings`
    x : (tracks, d)
    ks : numbers of clusters; None for a clusterer that finds its number
    exact_up_to : number of tracks up to which searches of neighbours are exact
    tracks : catalogue of the tracks by id
    """
    clusterer, settings = kinds.load("clusterers", method["clusterer"]), method["settings"]
    rows, number = songs.units(tracks["song"], method["level"])
    x = x[rows]
    given = graphs.handed(clusterer, settings, {seed: x}, exact_up_to, tracks.iloc[rows])[seed]
    for k in ks:
        if k is None or k <= len(rows):
            clusters = clusterer.cluster(x, k, seed, **given, **settings)[number]
            yield {"method": method["name"], "id": tracks.index, "k": k, "cluster": clusters}

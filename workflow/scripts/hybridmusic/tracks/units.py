"""Independent units of a collection: artists where they are known, else songs."""

from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

# Names of nobody, in the form of `canonical`.
NOBODY = {
    *("", "-", "?", "n/a", "none", "null", "unknown", "unknown artist", "no artist", "anonymous"),
    *("<unknown>", "[unknown]", "(unknown)", "various", "various artists", "va", "v.a.", "v/a"),
}


def canonical(artist: str | None) -> str | None:
    """Return the form by which artists are compared: NFKC, case folded, single blanks.

    None if the name is of nobody, such as "Various Artists".
    """
    if pd.isna(artist):
        return None
    name = " ".join(unicodedata.normalize("NFKC", artist).casefold().split())
    return None if name in NOBODY else name


def units(tracks: pd.DataFrame) -> pd.Series:
    """Return the unit of each track, by the index of `tracks` (with `song` and `artist`).

    Tracks of one artist, in any source, are one unit, and so are those of one song: artists who
    share a song are one unit. Without a known artist the unit is the song, by its name.
    """
    artist = tracks["artist"].map(canonical, na_action=None)
    song, songs = pd.factorize(tracks["song"])
    performer, performers = pd.factorize(artist)
    known = performer >= 0
    shape = (len(songs) + len(performers),) * 2
    edges = coo_array((np.ones(known.sum()), (song[known], len(songs) + performer[known])), shape)
    part = pd.Series(connected_components(edges, directed=False)[1][song], tracks.index)
    # The blank keeps names of artists apart from names of songs, which begin with a source's name.
    name = ("artist " + artist).groupby(part).transform("first")
    return name.where(name.notna(), tracks["song"]).astype(str).rename("unit")

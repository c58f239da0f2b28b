"""Table of spaces next to models of public leaderboards, by the same protocol."""

from __future__ import annotations

import pandas as pd

from hybridmusic.studies.leaderboard import BOOTSTRAPS, DRAWS
from hybridmusic.tables.marks import MARKS, MEANINGS, discovers
from hybridmusic.tables.sheet import ABSENT, SEPARATES

HERE, PUBLISHED = "this run", "published, on all of GTZAN, 30 s"
COLUMNS = {
    "name": "Space or model",
    "v_measure": "V-measure",
    "deviation": "± bootstraps",
    "over_seeds": "± seeds",
    "source": "Source",
}


def rows(measured: pd.DataFrame, spaces: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Join spaces, means over their seeds, and published models, each best first.

    Parameters
    ----------
    measured : a row for each seed of a space, as `studies.leaderboard.measure` returns them
    spaces : `space` and its `effective` condition
    published : `model`, `v_measure` and `deviation`

    Returns
    -------
    `name`, `effective`, `v_measure`, `deviation`, `over_seeds`, `seeds`, `tracks`, `genres` and
    `source`
    """
    here = measured.groupby("space", sort=False).agg(
        v_measure=("v_measure", "mean"),
        deviation=("deviation", "mean"),
        over_seeds=("v_measure", "std"),
        seeds=("seed", "size"),
        tracks=("tracks", "first"),
        genres=("genres", "first"),
    )
    here = spaces.merge(here.reset_index(), on="space").rename(columns={"space": "name"})
    others = published[["model", "v_measure", "deviation"]].rename(columns={"model": "name"})
    both = [here.assign(source=HERE), others.assign(source=PUBLISHED)]
    return pd.concat([part.sort_values("v_measure", ascending=False) for part in both])


def table(rows: pd.DataFrame, is_gtzan: bool) -> pd.DataFrame:
    """Tabulate `rows` for readers: in one ranking if the run is of GTZAN, else spaces first."""
    marked = rows.assign(name=rows["name"] + rows["effective"].map(MARKS).fillna(""))
    if is_gtzan:
        marked = marked.sort_values("v_measure", ascending=False, kind="stable")
    return marked[list(COLUMNS)].rename(columns=COLUMNS).reset_index(drop=True)


def verdicts(rows: pd.DataFrame, is_gtzan: bool) -> dict[str, list[str]]:
    """State where the best space that saw no genres stands among published models."""
    here, published = (rows[rows["source"] == source] for source in (HERE, PUBLISHED))
    if here.empty:
        return {ABSENT: ["There are fewer than two genres, so no V-measure can be computed."]}
    own = here[discovers(here)]
    if not is_gtzan or own.empty:
        return {}
    best = own.iloc[0]
    above = (published["v_measure"] > best["v_measure"]).sum()
    return {
        SEPARATES: [
            "On GTZAN, by the protocol of public leaderboards, the highest V-measure of a space "
            "that saw these tracks alone, without genres, is "
            f"{best['v_measure']:.3f} ({best['name']}); "
            f"{above} of the {len(published)} published models in the table are above it."
        ]
    }


def notes(
    rows: pd.DataFrame, tracks: pd.DataFrame, is_gtzan: bool, clip_seconds: float
) -> list[str]:
    """Explain the protocol, the tracks and the published figures, one subject each.

    Parameters
    ----------
    rows : as `rows` returns them
    tracks : that were scored: `genre`, and `start`, empty for those of a feature table
    is_gtzan : whether they are GTZAN's
    clip_seconds : length of the clips, s
    """
    here = rows[rows["source"] == HERE]
    clips = f"clips of {clip_seconds:g} s" if tracks["start"].notna().any() else "rows of a table"
    count = f"{len(tracks):,} {clips}, {tracks['genre'].nunique()} genres"
    comparable = (
        f"Spaces are scored on the tracks of GTZAN in this run: {count}. Published models heard up "
        "to 30 s of all 1,000 excerpts; shorter clips or fewer excerpts make another task of it."
        if is_gtzan
        else f"This collection is not GTZAN ({count}), so its V-measures cannot be compared with "
        "the published ones."
    )
    sentences = [
        comparable,
        f"V-measure as in MTEB's tasks GTZANGenreClustering and MusicGenreClustering: {BOOTSTRAPS} "
        f"times, {DRAWS:,} tracks are drawn with replacement and clustered by MiniBatchKMeans into "
        "as many clusters as there are genres, with the settings and seeds of mteb 2.26. It equals "
        "NMI, and is not 0 by chance. Spaces with several seeds have the mean over these.",
        "Each clip counts as a track, even where other clips are of the same song.",
        "Published: result files of MAEB, the Massive Audio Embedding Benchmark (arXiv:2602.16008, "
        "17 February 2026), in github.com/embeddings-benchmark/results. These models were trained "
        "on other data.",
    ]
    seen = [mark for mark in MARKS if (here["effective"] == mark).any()]
    return sentences + [f"{MARKS[mark]} {MEANINGS[mark]}." for mark in seen]

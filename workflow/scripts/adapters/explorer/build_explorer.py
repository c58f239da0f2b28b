"""Build the explorer: a page that shows and plays the tracks, opened from disk."""

import logging
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

from hybridmusic.clusterings.table import member
from hybridmusic.explorer import page
from hybridmusic.explorer.page import Space, Tracks
from hybridmusic.text import sentences
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params, inputs = snakemake.params, snakemake.input
    read = {name: job.read_table(inputs[name]) for name in ("catalogue", "features", "sentences")}
    tracks = Tracks.joined(**read)
    spaces = read_spaces(inputs.spaces, params.spaces, params.conditions, inputs.measures)
    near = dict(tuple(job.read_table(inputs.maps).groupby("map")))
    maps = [
        page.described_map(spaces[name], [spaces[p] for p in parents.split()], near[name], tracks)
        for name, parents in zip(params.spaces, params.parents, strict=True)
        if name in near
    ]
    labels = [page.by_label(name, f"no {name}", tracks) for name in params.label_columns]
    colourings = [
        *(label for label in labels if label is not None),
        *clusterings(params, inputs.clusterings, spaces, tracks),
        *(page.by_descriptor(name, tracks) for name in sentences.DESCRIPTORS),
    ]
    folders = folders_of_clips(inputs.clips, len(tracks.ids))
    data = page.page(params.run, tracks, maps, colourings, folders)
    logger.info("%d tracks, %d with sound", len(folders), sum(one >= 0 for one in folders))
    folder = Path(snakemake.output.page).parent
    # Clips of an earlier configuration must not be shared along with the page.
    for left in set((folder / "clips").glob("*")) - set(map(Path, inputs.clips)):
        shutil.rmtree(left)
    job.write_text(page.script(data), snakemake.output.data)
    for source in [*inputs.page, plotly()]:
        with job.whole(folder / Path(source).name) as temporary:
            shutil.copyfile(source, temporary)


def read_spaces(paths, names, conditions, measures) -> dict[str, Space]:
    """Read the first seed of every space by name, with its measures."""
    measured = job.read_table(measures).groupby(["space", "metric"])["value"].first()
    spaces = {}
    for path, name, condition in zip(paths, names, conditions, strict=True):
        ids, members = job.read_space(path)
        spaces[name] = Space(name, ids, job.first(members), condition, measured.loc[name].to_dict())
    return spaces


def clusterings(params, paths, spaces, tracks) -> list[dict]:
    """Colour tracks by every method, ordered by the number of clusters; see `by_clusters`."""
    members = []
    for name, label, space, path in zip(
        params.methods, params.labels, params.spaces_of, paths, strict=True
    ):
        table = job.read_table(path)
        members += [(k, name, label, space, member(table, k)) for k in table["k"].unique()]
    members.sort(key=lambda row: np.inf if pd.isna(row[0]) else row[0])
    colourings = []
    for k, name, label, space, clusters in members:
        number = "as many as found" if pd.isna(k) else f"k = {k:.0f}"
        names = (f"{name}, {number}", label, f"Clusters, {number}")
        like = page.spread(members[0][-1], tracks)
        colourings.append(page.by_clusters(*names, clusters, spaces[space], tracks, like))
    return colourings


def folders_of_clips(folders, n_tracks: int) -> list[int]:
    """Return the folder of each track's clip, or -1."""
    numbers = [-1] * n_tracks
    for folder in map(Path, folders):
        for clip in folder.glob("*.mp3"):
            numbers[int(clip.stem)] = int(folder.name)
    return numbers


def plotly() -> Path:
    """Find Plotly's library for pages without importing its package, which would take a second."""
    package = find_spec("plotly").submodule_search_locations[0]
    return Path(package, "package_data", "plotly.min.js")


if __name__ == "__main__":
    job.run(main, snakemake)

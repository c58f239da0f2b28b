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
        page.described_map(spaces[name], [spaces[of] for of in parents.split()], near[name], tracks)
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
    # Clips of another configuration: who switched sound off does not want to send them.
    for left in set((folder / "clips").glob("*")) - set(map(Path, inputs.clips)):
        shutil.rmtree(left)
    job.write_text(page.script(data), snakemake.output.data)
    for source in [*inputs.page, plotly()]:
        with job.whole(folder / Path(source).name) as beside:
            shutil.copyfile(source, beside)


def read_spaces(paths, names, conditions, measures) -> dict[str, Space]:
    """The first seed of every space by name, with what was measured of it."""
    measured = job.read_table(measures).groupby(["space", "metric"])["value"].first()
    spaces = {}
    for path, name, condition in zip(paths, names, conditions, strict=True):
        ids, members = job.read_space(path)
        of_space = measured.loc[name].to_dict()
        spaces[name] = Space(name, ids, next(iter(members.values())), condition, of_space)
    return spaces


def clusterings(params, paths, spaces, tracks) -> list[dict]:
    """Every method for every number of clusters, by that number; see `by_clusters`."""
    members = []
    for name, label, of, path in zip(
        params.methods, params.labels, params.spaces_of, paths, strict=True
    ):
        table = job.read_table(path)
        members += [(k, name, label, of, member(table, k)) for k in table["k"].unique()]
    members.sort(key=lambda row: np.inf if pd.isna(row[0]) else row[0])
    found = []
    for k, name, label, of, clusters in members:
        told = "as many as found" if pd.isna(k) else f"k = {k:.0f}"
        called = (f"{name}, {told}", label, f"Clusters, {told}")
        like = page.spread(members[0][-1], tracks)
        found.append(page.by_clusters(*called, clusters, spaces[of], tracks, like))
    return found


def folders_of_clips(folders, n_tracks: int) -> list[int]:
    """For each track the folder that its clip lies in, or -1."""
    found = [-1] * n_tracks
    for folder in map(Path, folders):
        for clip in folder.glob("*.mp3"):
            found[int(clip.stem)] = int(folder.name)
    return found


def plotly() -> Path:
    """Plotly's library for pages, which its package brings; importing that would take a second."""
    package = find_spec("plotly").submodule_search_locations[0]
    return Path(package, "package_data", "plotly.min.js")


if __name__ == "__main__":
    job.run(main, snakemake)

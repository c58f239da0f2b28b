"""Score every clustering: in its own space, in the reference space, against genre and language."""

import logging
from collections import defaultdict

import pandas as pd

from hybridmusic.evaluation import scores
from hybridmusic.evaluation import silhouettes as growth
from hybridmusic.tracks import songs
from shared import job

logger = logging.getLogger(__name__)

LABELS = ("genre", "language")


def main(snakemake) -> None:
    params = snakemake.params
    catalogue = job.read_table(snakemake.input.catalogue).set_index("id")
    catalogue = catalogue.astype(object).where(catalogue.notna(), None)
    spaces = dict(zip(params.space_names, map(job.read_space, snakemake.input.spaces), strict=True))
    found = []  # how a row begins, ids and clusters
    for name, space, clusterer, level, path in zip(
        *(params.methods, params.spaces_of, params.clusterers, params.levels),
        snakemake.input.clusterings,
        strict=True,
    ):
        table = songs.scored(job.read_table(path), catalogue["song"], level)
        for (k, seed), group in table.groupby(["k", "seed"], dropna=False):
            row = name, space, clusterer, k, seed
            found.append((row, group["id"], group["cluster"].to_numpy()))
    rows = []
    for (row, ids, clusters), internal in zip(found, _internal(found, spaces, params), strict=True):
        tracks = catalogue.loc[ids]
        labels = {label: tracks[label].to_numpy() for label in LABELS}
        rows += [(*row, *score) for score in scores.score(clusters, internal, labels)]
    for label in LABELS:
        if catalogue[label].nunique() < 2:
            logger.warning("fewer than two of %s: agreement with it is left out", label)
    columns = job.table_schemas()["scores"]
    table = pd.DataFrame(rows, columns=columns).astype({"k": "Int64"})
    job.write_table(table, "scores", snakemake.output.scores)


def _internal(found: list, spaces: dict, params) -> list[dict[str, dict[str, float]]]:
    """Of each clustering its internal scores in its own space and in the reference, by space.

    All that are measured in one place are so together, for distances cost more than the scores.
    """
    places = defaultdict(list)
    for number, ((_, space, _, _, seed), ids, _) in enumerate(found):
        for of in dict.fromkeys(filter(None, [space, params.reference])):
            places[of, seed if seed in spaces[of][1] else None, tuple(ids)].append(number)
    internal: list[dict] = [{} for _ in found]
    for (of, seed, ids), numbers in places.items():
        x = job.vectors_of(ids, spaces[of], seed)
        silhouettes = growth.Silhouettes(x, params.exact_up_to, params.seed)
        for number in numbers:
            internal[number][of] = scores.internal_scores(x, found[number][2], silhouettes)
    return internal


if __name__ == "__main__":
    job.run(main, snakemake)

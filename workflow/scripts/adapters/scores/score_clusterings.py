"""Score every clustering: in its own space, in the reference, against genre and language."""

import logging
from collections import defaultdict

from hybridmusic.evaluation import scores
from hybridmusic.evaluation.silhouettes import Silhouettes
from hybridmusic.tracks import songs
from shared import job

logger = logging.getLogger(__name__)

LABELS = ("genre", "language")


def main(snakemake) -> None:
    params = snakemake.params
    catalogue = job.read_table(snakemake.input.catalogue).set_index("id")
    catalogue = catalogue.astype(object).where(catalogue.notna(), None)
    spaces = dict(zip(params.space_names, map(job.read_space, snakemake.input.spaces), strict=True))
    clusterings = []  # first columns of the rows, ids and clusters
    tables = job.read_tables(params.methods, snakemake.input.clusterings)
    tables = songs.all_scored(tables, catalogue["song"], params.levels)
    for name, space, clusterer in zip(tables, params.spaces_of, params.clusterers, strict=True):
        for (k, seed), group in tables[name].groupby(["k", "seed"], dropna=False):
            row = name, space, clusterer, k, seed
            clusterings.append((row, group["id"], group["cluster"].to_numpy()))
    rows = []
    internal_scores = _internal(clusterings, spaces, params)
    for (row, ids, clusters), internal in zip(clusterings, internal_scores, strict=True):
        tracks = catalogue.loc[ids]
        labels = {label: tracks[label].to_numpy() for label in LABELS}
        rows += [(*row, *score) for score in scores.score(clusters, internal, labels)]
    for label in LABELS:
        if catalogue[label].nunique() < 2:
            logger.warning("fewer than two values of %s: agreement with it is left out", label)
    job.write_rows(rows, "scores", snakemake.output.scores)


def _internal(clusterings: list, spaces: dict, params) -> list[dict[str, dict[str, float]]]:
    """Return the internal scores of each clustering by space: its own, and the reference.

    Clusterings of the same vectors share their distances, which cost more than the scores.
    """
    numbers_by_vectors = defaultdict(list)
    for number, ((_, space, _, _, seed), ids, _) in enumerate(clusterings):
        for name in dict.fromkeys(filter(None, [space, params.reference])):
            seed_of_space = seed if seed in spaces[name][1] else None
            numbers_by_vectors[name, seed_of_space, tuple(ids)].append(number)
    internal: list[dict] = [{} for _ in clusterings]
    for (name, seed, ids), numbers in numbers_by_vectors.items():
        x = job.vectors_of(ids, spaces[name], seed)
        silhouettes = Silhouettes(x, params.exact_up_to, params.seed)
        for number in numbers:
            clusters = clusterings[number][2]
            internal[number][name] = scores.internal_scores(x, clusters, silhouettes)
            if (rows := scores.in_clusters(clusters)) is not None:
                silhouettes_of_rows = Silhouettes(x[rows], params.exact_up_to, params.seed)
                internal[number][name] |= scores.left_out(
                    scores.internal_scores(x[rows], clusters[rows], silhouettes_of_rows)
                )
    return internal


if __name__ == "__main__":
    job.run(main, snakemake)

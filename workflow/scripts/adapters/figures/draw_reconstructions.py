"""Draw Figure 2, tracks and their reconstructions."""

from itertools import repeat

import numpy as np

from hybridmusic.figures.reconstructions import choose, draw, shortened
from hybridmusic.sound.features import N_MFCC
from hybridmusic.tables.marks import marked
from shared import job


def main(snakemake) -> None:
    params = snakemake.params
    ids, members = job.read_space(snakemake.input.space)
    x = job.member(members, params.seed)
    read = [job.read_space(path)[1] for path in snakemake.input.reconstructions]
    made = [job.member(members, params.seed) for members in read]
    errors = np.stack([((x - reconstructed) ** 2).mean(axis=1) for reconstructed in made])
    rows = choose(errors, params.tracks)
    catalogue = job.read_table(snakemake.input.catalogue).set_index("id")
    labels = map(marked, params.labels, params.conditions, repeat(catalogue))
    shown = {label: m[rows] for label, m in zip(labels, made, strict=True)}
    tracks = catalogue.loc[ids].iloc[rows]
    titles = [
        f"{shortened(title, 22)}\n{shortened(kind, 22)}"
        for title, kind in zip(
            tracks["title"], tracks["genre"].fillna(tracks["language"]), strict=True
        )
    ]
    figure = draw(x[rows], shown, titles, _positions(x.shape[1], params.of_mfcc))
    job.save_figure(figure, snakemake.output, params.dpi)


def _positions(n_features: int, of_mfcc: bool) -> dict[str, float]:
    """Where every third MFCC begins, or round numbers where features are of another kind."""
    per_coefficient = n_features // N_MFCC
    if not of_mfcc:
        return {str(place): place for place in range(0, n_features, max(1, n_features // 4))}
    numbers = range(1, 1 + n_features // per_coefficient, 3)
    names = [f"MFCC {number}" if number == 1 else str(number) for number in numbers]
    return {name: (n - 1) * per_coefficient for name, n in zip(names, numbers, strict=True)}


if __name__ == "__main__":
    job.run(main, snakemake)

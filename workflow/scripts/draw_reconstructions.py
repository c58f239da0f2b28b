"""Draw Figure 2, tracks and their reconstructions."""

import numpy as np

import job
from hybridmusic.figures.reconstructions import choose, draw, shortened


def main(snakemake) -> None:
    params = snakemake.params
    ids, members = job.read_space(snakemake.input.space)
    x = job.member(members, params.seed)
    read = [job.read_space(path)[1] for path in snakemake.input.reconstructions]
    made = [job.member(members, params.seed) for members in read]
    errors = np.stack([((x - reconstructed) ** 2).mean(axis=1) for reconstructed in made])
    rows = choose(errors, params.tracks)
    tracks = job.read_table(snakemake.input.catalogue).set_index("id").loc[ids].iloc[rows]
    shown = {label: m[rows] for label, m in zip(params.labels, made, strict=True)}
    titles = [
        f"{shortened(title, 22)}\n{shortened(kind, 22)}"
        for title, kind in zip(
            tracks["title"], tracks["genre"].fillna(tracks["language"]), strict=True
        )
    ]
    figure = draw(x[rows], shown, titles, _positions(x.shape[1], params.per_coefficient))
    job.save_figure(figure, snakemake.output, params.dpi)


def _positions(n_features: int, per_coefficient: int) -> dict[str, float]:
    """Where every third MFCC begins, or round numbers where features are of another kind."""
    if not per_coefficient:
        return {str(place): place for place in range(0, n_features, max(1, n_features // 4))}
    numbers = range(1, 1 + n_features // per_coefficient, 3)
    names = [f"MFCC {number}" if number == 1 else str(number) for number in numbers]
    return {name: (n - 1) * per_coefficient for name, n in zip(names, numbers, strict=True)}


if __name__ == "__main__":
    job.run(main, snakemake)

"""V-measure of spaces by the protocol of public leaderboards, MTEB and MAEB.

Their tasks GTZANGenreClustering and MusicGenreClustering cluster ten bootstraps of the tracks by
mini-batch K-Means, with as many clusters as genres, and average the V-measure (Rosenberg &
Hirschberg 2007). Settings and seeds are those of mteb 2.26 (Muennighoff et al. 2023; El Assadi et
al. 2026, arXiv:2602.16008), so that the same vectors get the same score.
"""

from __future__ import annotations

import random

import numpy as np
import pandas as pd

from hybridmusic.tracks.datasets import GTZAN_GENRES

BOOTSTRAPS = 10
DRAWS = 16_384  # tracks of a bootstrap, with replacement, however few there are
BATCH = 512  # tracks
SEED = 42


def v_measures(x: np.ndarray, genres: np.ndarray) -> np.ndarray:
    """Return the V-measure of each bootstrap, (10,).

    Parameters
    ----------
    x : vectors (tracks, d)
    genres : genre of each track, (tracks,); at least two different ones
    """
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.metrics import v_measure_score

    drawn = random.Random(SEED)
    # `fit_predict` starts again from the same seed for each bootstrap.
    model = MiniBatchKMeans(
        n_clusters=len(np.unique(genres)), batch_size=BATCH, n_init=1, random_state=SEED
    )
    scores = []
    for _ in range(BOOTSTRAPS):
        rows = drawn.choices(range(len(x)), k=DRAWS)
        scores.append(v_measure_score(genres[rows], model.fit_predict(x[rows])))
    return np.array(scores)


def scored(catalogue: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """Return the tracks to score, and whether they are GTZAN's.

    These are the tracks of GTZAN, recognised by the names of their files (`blues.00000.wav`), if
    all of its ten genres are among them. Otherwise they are all tracks with a genre.
    """
    pattern = rf"(?:^|[/\\])(?P<genre>{'|'.join(GTZAN_GENRES)})\.\d{{5}}\.\w+$"
    named = catalogue["file_path"].str.extract(pattern)["genre"]
    of_gtzan = catalogue[named.notna() & (named == catalogue["genre"])]
    if of_gtzan["genre"].nunique() == len(GTZAN_GENRES):
        return of_gtzan, True
    return catalogue[catalogue["genre"].notna()], False


def measure(ids: list[str], members: dict[int, np.ndarray], tracks: pd.DataFrame) -> list[dict]:
    """Score a space: a row for each seed, with `tracks`, `genres`, `v_measure` and `deviation`.

    The deviation is that over bootstraps. There is no row for fewer than two genres.

    Parameters
    ----------
    ids, members : the space, as `job.read_space` returns it
    tracks : frame of `id` and `genre`, of the tracks to score
    """
    genres = tracks.set_index("id")["genre"].reindex(ids)
    rows = genres.notna().to_numpy()
    labels = genres[rows].to_numpy(dtype=str)
    facts = {"tracks": len(labels), "genres": len(np.unique(labels))}
    if facts["genres"] < 2:
        return []
    scores = {seed: v_measures(x[rows], labels) for seed, x in members.items()}
    return [
        {"seed": seed, **facts, "v_measure": v.mean(), "deviation": v.std()}
        for seed, v in scores.items()
    ]

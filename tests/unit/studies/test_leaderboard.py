"""The leaderboards' protocol gives the leaderboards' numbers."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import normalized_mutual_info_score

from hybridmusic.studies import leaderboard
from hybridmusic.tracks.datasets import GTZAN_GENRES

# By mteb 2.26.24 with scikit-learn 1.9.1, on `clouds()`: its function for bootstrapped clustering,
# with the settings and the seeds of its task GTZANGenreClustering.
BY_MTEB = [0.9526, 0.9601, 0.9451, 0.9882, 0.9571, 0.9546, 0.9886, 0.9297, 0.9621, 0.9528]


def clouds() -> tuple[np.ndarray, np.ndarray]:
    """Draw 25 tracks of each of 12 genres, whose clouds overlap a little."""
    draws = np.random.default_rng(0)
    genres = np.repeat(np.arange(12), 25)
    x = 4 * draws.normal(size=(12, 5))[genres] + draws.normal(size=(300, 5))
    return x.astype(np.float32), genres.astype(str)


def catalogue(names: list[str], genres: list[str | None]) -> pd.DataFrame:
    ids = [f"s/{number}" for number in range(len(names))]
    return pd.DataFrame({"id": ids, "file_path": names, "genre": genres})


@pytest.mark.numerical
def test_the_scores_are_those_of_mteb():
    # Each start ends in a local optimum of its own, so that another seed, batch size or number of
    # draws moves some of the ten by 0.03 or more; double precision moves none by 0.0001.
    np.testing.assert_allclose(leaderboard.v_measures(*clouds()), BY_MTEB, atol=0.002)


def test_a_space_of_genres_alone_scores_1_and_one_without_them_nearly_0():
    genres = np.repeat(list("abcd"), 50)
    corners = 10 * np.eye(4)[np.repeat(np.arange(4), 50)]
    assert np.median(leaderboard.v_measures(corners, genres)) == pytest.approx(1)
    noise = np.random.default_rng(0).normal(size=(200, 6))
    score = leaderboard.v_measures(noise, genres).mean()
    # Not 0: this is NMI, whose mean over 200 random clusterings into four is 0.022.
    random = np.random.default_rng(1).integers(0, 4, (200, 200))
    chance = np.mean([normalized_mutual_info_score(genres, clusters) for clusters in random])
    assert 0 < score < 4 * chance


def test_gtzan_is_recognised_by_its_files_if_it_has_all_of_its_genres():
    genres = sorted(2 * GTZAN_GENRES)
    names = [f"a/{genre}/{genre}.{n % 2:05}.wav" for n, genre in enumerate(genres)]
    others = ["Hiphop.00040.wav", "jazz.00.0.flac", "b/blues.00007.wav", "x.wav"]
    mixed = catalogue([*names, *others], [*genres, "Hiphop", "jazz", "folk", None])
    tracks, is_gtzan = leaderboard.scored(mixed)
    assert is_gtzan
    assert tracks["file_path"].to_list() == names
    # Without rock it is another task, and all tracks with a genre are scored.
    tracks, is_gtzan = leaderboard.scored(mixed[~mixed["file_path"].str.startswith("a/rock")])
    assert not is_gtzan
    assert len(tracks) == 18 + 3


def test_every_seed_of_a_space_is_scored_on_tracks_that_it_has():
    x, genres = clouds()
    tracks = catalogue(["t"] * 300, list(genres))
    ids = [*tracks["id"][:200], "unknown"]
    x = np.vstack([x[:200], np.full((1, 5), 99)])
    rows = leaderboard.measure(ids, {42: x, 43: 0 * x}, tracks)
    assert [(row["seed"], row["tracks"], row["genres"]) for row in rows] == [
        (42, 200, 8),
        (43, 200, 8),
    ]
    expected = leaderboard.v_measures(x[:200], genres[:200])
    assert rows[0]["v_measure"] == expected.mean()
    assert rows[0]["deviation"] == expected.std()
    assert leaderboard.measure(ids, {42: x}, tracks.assign(genre="one")) == []
    assert leaderboard.measure(ids, {42: x}, tracks.assign(genre=None)) == []

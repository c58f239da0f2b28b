"""Mixing of languages among neighbours, compared with loops and known answers."""

import numpy as np
import pytest
from scipy.optimize import brentq

from hybridmusic.errors import InputError
from hybridmusic.evaluation import mixing

pytestmark = pytest.mark.numerical


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_neighbours_are_of_other_songs(rng):
    x = rng.normal(size=(60, 3))
    songs = np.array([f"song {n}" for n in rng.integers(9, size=60)])
    indices, distances = mixing.neighbours(x, songs, k=10)
    for track in range(60):
        far = np.linalg.norm(x - x[track], axis=1)
        others = np.flatnonzero(songs != songs[track])
        nearest = others[np.argsort(far[others])][:10]
        assert list(indices[track]) == list(nearest)
        assert distances[track] == pytest.approx(far[nearest])


def test_neighbours_are_fewer_where_songs_are_large(rng):
    songs = [0, 0, 0, 1, 2]
    assert mixing.neighbours(rng.normal(size=(5, 2)), songs)[0].shape == (5, 2)
    with pytest.raises(InputError, match="at least two"):
        mixing.neighbours(rng.normal(size=(5, 2)), ["one"] * 5)


def test_weights_are_those_of_a_gaussian_of_the_perplexity(rng):
    x = rng.normal(size=(80, 4)) * 50
    _, distances = mixing.neighbours(x, np.arange(80), k=30)
    weights = mixing.gaussian_weights(distances, perplexity=10)
    for track, far in enumerate(distances):

        def gaussian(sigma, far=far):
            w = np.exp(-(far**2 - far[0] ** 2) / (2 * sigma**2))
            return w / w.sum()

        def excess(sigma, gaussian=gaussian):
            w = gaussian(sigma)
            return -np.sum(w * np.log(w + 1e-300)) - np.log(10)

        expected = gaussian(brentq(excess, 1, 1e5))
        assert weights[track] == pytest.approx(expected, rel=1e-5, abs=1e-9)


def test_equally_near_neighbours_have_equal_weights():
    for far in (np.zeros((2, 6)), np.ones((2, 6))):
        assert mixing.gaussian_weights(far, perplexity=2) == pytest.approx(np.full((2, 6), 1 / 6))


@pytest.mark.parametrize("share", [0.5, 0.1])
def test_mixing_of_the_mixed_and_of_the_separate(rng, share):
    x, songs = rng.normal(size=(1200, 5)), np.arange(1200)
    english = rng.random(1200) < share
    graph = mixing.neighbours(x, songs)
    apart = mixing.neighbours(x + 100 * english[:, None], songs)
    assert mixing.mixing(english, songs, *apart) == pytest.approx(0, abs=1e-6)
    near = mixing.neighbours(x + 1.5 * english[:, None], songs)
    # 0.20 ± 0.02 and 0.28 ± 0.03 over 10 seeds, by share; 1 without a shift, 0 far apart.
    assert 0.05 < mixing.mixing(english, songs, *near) < 0.9
    assert np.isnan(mixing.mixing(np.ones(1200), songs, *graph))


@pytest.mark.parametrize("clips", [1, 4])
def test_random_labels_of_songs_mix_by_1_however_alike_the_clips_of_a_song_are(rng, clips):
    sizes = np.r_[np.full(60, clips), rng.integers(1, clips + 1, size=40)]
    songs = np.repeat(np.arange(100), sizes)
    x = rng.normal(size=(100, 4))[songs] + 0.05 * rng.normal(size=(len(songs), 4))
    graph = mixing.neighbours(x, songs, k=30)
    english = np.arange(100) < 30
    dealt = [mixing.mixing(rng.permutation(english)[songs], songs, *graph) for _ in range(200)]
    # The mean over all permutations is 1; this is four standard errors, and 0.9 without songs.
    assert np.mean(dealt) == pytest.approx(1, abs=4 * np.std(dealt) / np.sqrt(200))
    assert np.std(dealt) / np.sqrt(200) < 0.01
    rows = np.arange(0, len(songs), 3)
    some = mixing.neighbours(x, songs, k=30, rows=rows)
    dealt = [mixing.mixing(rng.permutation(english)[songs], songs, *some) for _ in range(200)]
    assert np.mean(dealt) == pytest.approx(1, abs=4 * np.std(dealt) / np.sqrt(200))


def test_mixing_is_that_of_a_loop_over_pairs_of_neighbours(rng):
    x, songs = rng.normal(size=(24, 2)), np.repeat(np.arange(8), 3)
    labels = np.array(list("aabbbccc"))[songs]
    indices, distances = mixing.neighbours(x, songs, k=9)
    weights = mixing.gaussian_weights(distances, 3)
    differ = expected = 0
    # Songs of the labels a, b and c: 2, 3 and 3.
    chance = 1 - (2 * 1 + 3 * 2 + 3 * 2) / (8 * 7)
    for track, near in enumerate(indices):
        for a in range(9):
            for b in range(9):
                both = weights[track, a] * weights[track, b]
                differ += both * (labels[near[a]] != labels[near[b]])
                expected += both * (songs[near[a]] != songs[near[b]]) * chance
    assert mixing.mixing(labels, songs, indices, distances) == pytest.approx(differ / expected)


def test_genres_that_every_language_has():
    languages = ["en", "en", "en", "bn", "bn", "bn", "hi", "hi"]
    genres = ["Rock", "pop", None, "ROCK", "Pop", "folk", "rock", None]
    expected = [True, False, False, True, False, False, True, False]
    assert mixing.shared_genres(languages, genres).tolist() == expected
    assert not mixing.shared_genres(["en", "bn"], [None, None]).any()


def test_neighbours_of_a_sample_are_those_that_they_have_among_all(rng):
    x, songs = rng.normal(size=(120, 3)), np.repeat(np.arange(40), 3)
    rows = np.array([3, 50, 119])
    everything, some = mixing.neighbours(x, songs, k=9), mixing.neighbours(x, songs, k=9, rows=rows)
    for of_all, of_some in zip(everything, some, strict=True):
        np.testing.assert_array_equal(of_all[rows], of_some)
    labels = rng.choice(["english", "bangla"], 120)
    # Songs with several labels.
    assert 0 < mixing.mixing(labels, songs, *some) < 2

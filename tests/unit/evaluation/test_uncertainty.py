"""Intervals and permutation nulls: against scikit-learn, and in simulations of a known truth."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kstest
from sklearn import metrics

from hybridmusic.evaluation import contingency, resampling, scores, uncertainty
from hybridmusic.evaluation.estimate import Estimate

N_SONGS, CLIPS, LABELS = 100, 4, 4
SONGS = np.repeat(np.arange(N_SONGS), CLIPS)


def collection(rng, signal):
    """Draw clusters of clips that mostly follow their song, songs that partly follow genre."""
    genre = rng.integers(LABELS, size=N_SONGS)
    follows = rng.random(N_SONGS) < signal
    usual = np.where(follows, genre, rng.integers(LABELS, size=N_SONGS))
    strays = rng.random(len(SONGS)) < 0.2
    clusters = np.where(strays, rng.integers(LABELS, size=len(SONGS)), usual[SONGS])
    return clusters, genre[SONGS]


def sklearn_scores(clusters, genres):
    found = scores.external_scores(clusters, genres)
    return {name: found[name] for name in contingency.AGREEMENT}


def test_resampled_scores_are_scikit_learns_on_the_resampled_tracks():
    rng = np.random.default_rng(0)
    songs = np.array([f"song {n}" for n in rng.integers(12, size=90)])
    clusters = rng.integers(-1, 4, size=90)  # with noise
    genres = np.array(["rock", "Pop", "folk"])[(clusters + rng.integers(3, size=90)) % 3]
    weights = resampling.song_weights(songs, 20, rng)
    found = uncertainty.resampled_scores(clusters, genres, songs, weights)
    silhouettes = rng.normal(size=90)
    means = uncertainty.resampled_mean(silhouettes, songs, weights)
    for n, row in enumerate(weights):
        drawn = np.repeat(np.unique(songs), row)
        tracks = np.concatenate([np.flatnonzero(songs == song) for song in drawn])
        expected = sklearn_scores(clusters[tracks], genres[tracks])
        assert {name: values[n] for name, values in found.items()} == pytest.approx(expected)
        assert means[n] == pytest.approx(silhouettes[tracks].mean())


@pytest.mark.parametrize(
    ("clusters", "genres"),
    [
        ([0, 0, 1, 1], ["a", "a", "b", "b"]),
        ([0, 0, 0, 0], ["a", "a", "a", "a"]),
        ([0, 0, 0, 0], ["a", "a", "b", "b"]),
        ([0, 1, 0, 1], ["a", "a", "b", "b"]),
        ([0, 1, 2, 3], ["a", "b", "c", "d"]),
    ],
)
def test_resampled_scores_at_their_limits(clusters, genres):
    found = uncertainty.resampled_scores(clusters, genres, range(4), np.ones((1, 4)))
    expected = sklearn_scores(clusters, genres)
    assert {name: values[0] for name, values in found.items()} == pytest.approx(expected)


def test_intervals_cover_what_such_collections_score():
    rng = np.random.default_rng(1)
    names = list(contingency.AGREEMENT)
    simulated = np.array(
        [contingency.tables(*collection(rng, signal=0.5), (LABELS, LABELS))[0] for _ in range(2000)]
    )
    truth = np.array([score(simulated).mean() for score in contingency.AGREEMENT.values()])
    covered = {"songs": [], "clips": []}
    for _ in range(300):
        clusters, genres = collection(rng, signal=0.5)
        value = sklearn_scores(clusters, genres)
        for unit, songs in {"songs": SONGS, "clips": np.arange(len(SONGS))}.items():
            weights = resampling.song_weights(songs, 200, rng)
            resampled = uncertainty.resampled_scores(clusters, genres, songs, weights)
            ends = [Estimate(value[name], resampled[name]).interval() for name in names]
            low, high = np.array(ends).T
            covered[unit].append((low <= truth) & (truth <= high))
    for n, name in enumerate(names):
        songs, clips = (np.mean(covered[unit], axis=0)[n] for unit in ("songs", "clips"))
        # 0.88 ± 0.02 of 300 collections, and 0.67 ± 0.03 if clips of a song count as independent.
        assert 0.8 <= songs <= 0.96, name
        assert clips < 0.78, name


def test_intervals_hold_the_value_where_resampled_agreement_lies_above_it():
    rng = np.random.default_rng(6)
    clusters, genres = rng.integers(8, size=130), rng.integers(18, size=130)
    weights = resampling.song_weights(range(130), 500, rng)
    resampled = uncertainty.resampled_scores(clusters, genres, range(130), weights)["nmi"]
    value = sklearn_scores(clusters, genres)["nmi"]
    low, high = Estimate(value, resampled).interval()
    assert low < value < high
    assert value < resampled.min()


def test_paired_differences_are_narrower():
    rng = np.random.default_rng(2)
    one, genres = collection(rng, signal=0.8)
    # The same clusters except for a few tracks.
    other = np.where(rng.random(len(one)) < 0.1, rng.integers(LABELS, size=len(one)), one)
    weights = resampling.song_weights(SONGS, 500, rng)
    unpaired = resampling.song_weights(SONGS, 500, rng)
    first, second, apart = (
        uncertainty.resampled_scores(clusters, genres, SONGS, drawn)["nmi"]
        for clusters, drawn in ((one, weights), (other, weights), (other, unpaired))
    )
    value = sklearn_scores(one, genres)["nmi"] - sklearn_scores(other, genres)["nmi"]
    low, high = Estimate(value, first - second).interval()
    assert 0 < low < value < high
    assert high - low < 0.5 * np.ptp(Estimate(value, first - apart).interval())


def chance_scores(clusters, labels, songs, n, rng, within=None):
    """Compare each score of `clusters` with `n` permutations of `labels`."""
    label = resampling.codes(labels)
    rows = np.array([label, *resampling.shuffles(label, songs, n, rng, within)])
    return {
        name: resampling.against_chance(values[0], values[1:])
        for name, values in uncertainty.shuffled_scores(clusters, rows).items()
    }


def test_p_values_are_uniform_where_there_is_nothing():
    rng = np.random.default_rng(3)
    found = {"songs": [], "clips": []}
    for _ in range(200):
        clusters, genres = collection(rng, signal=0)
        for unit, songs in {"songs": SONGS, "clips": np.arange(len(SONGS))}.items():
            chance = chance_scores(clusters, genres, songs, 99, rng)
            found[unit].append([chance[name].p for name in contingency.AGREEMENT])
    for name, songs, clips in zip(
        contingency.AGREEMENT,
        np.transpose(found["songs"]),
        np.transpose(found["clips"]),
        strict=True,
    ):
        # Fails for one seed in a thousand.
        assert kstest(songs, "uniform").pvalue > 0.001, name
        # Shuffled clip by clip, 0.55 to 0.72 of all collections seem to agree.
        assert np.mean(clips <= 0.05) > 0.3, name


def test_chance_is_what_shuffled_labels_score():
    rng = np.random.default_rng(4)
    clusters, genres = collection(rng, signal=0.9)
    chance = chance_scores(clusters, genres, SONGS, 300, rng)
    by_song = genres[::CLIPS]
    shuffled = [
        metrics.normalized_mutual_info_score(np.repeat(rng.permutation(by_song), CLIPS), clusters)
        for _ in range(300)
    ]
    assert chance["nmi"].mean == pytest.approx(np.mean(shuffled), rel=0.2)
    assert chance["nmi"].high == pytest.approx(np.quantile(shuffled, 0.95), rel=0.25)
    assert {name: one.p for name, one in chance.items()} == pytest.approx(
        dict.fromkeys(contingency.AGREEMENT, 1 / 301)
    )


def test_language_alone_is_no_agreement_with_genre():
    rng = np.random.default_rng(5)
    languages = np.repeat([0, 1], len(SONGS) // 2)
    genres = (2 * languages[::CLIPS] + rng.integers(2, size=N_SONGS))[SONGS]
    free = chance_scores(languages, genres, SONGS, 99, rng)
    held = chance_scores(languages, genres, SONGS, 99, rng, within=languages)
    for name in contingency.AGREEMENT:
        assert free[name].p == pytest.approx(0.01)
        assert held[name].p == pytest.approx(1)


def planted(agreement: float, seed: int, n_seeds: int = 2) -> pd.DataFrame:
    """Return a clustering of PLANTED that follows genre for a share of the tracks."""
    random = np.random.default_rng(seed)
    parts = []
    for number in range(n_seeds):
        noise = random.integers(0, 4, len(PLANTED))
        follows = random.random(len(PLANTED)) < agreement
        codes = PLANTED["genre"].astype("category").cat.codes
        clusters = np.where(follows, codes, noise)
        parts.append(pd.DataFrame({"id": PLANTED.index, "seed": number, "cluster": clusters}))
    return pd.concat(parts).assign(k=pd.array([4] * n_seeds * len(PLANTED), dtype="Int64"))


PLANTED = pd.DataFrame(
    {
        "genre": np.repeat(["a", "b", "c", "d"], 60),
        "language": np.tile(["x", "y"], 120),
        "song": np.repeat(np.arange(120), 2).astype(str),
    },
    index=[f"t{n}" for n in range(240)],
)


@pytest.fixture(scope="module")
def compared():
    draws = uncertainty.Draws(PLANTED, 200, 200, seed=0)
    free = planted(0.8, 3).assign(k=pd.array([None] * 480, dtype="Int64"))
    part = planted(0.9, 4)
    part = part[part["id"].isin(PLANTED.index[:200])]
    methods = {"good": planted(0.9, 0), "plain": planted(0.6, 1), "bad": planted(0.0, 2)}
    table = uncertainty.compare(
        methods | {"free": free, "part": part}, ["plain", "bad", "absent"], draws
    )
    return table.set_index(["method", "metric"])


def test_scores_are_compared_with_the_strongest_baseline(compared):
    assert set(compared["baseline"]) == {"plain"}
    good = compared.loc["good", "nmi"]
    assert good["difference"] == pytest.approx(
        good["value"] - compared.loc["plain", "nmi"]["value"]
    )
    assert good["difference_low"] > 0
    assert good["low"] < good["value"] < good["high"]
    assert np.isnan(compared.loc["plain", "nmi"]["difference"])
    assert compared.loc["bad", "nmi"]["difference_high"] < 0
    # One finds its number of clusters itself, and one lacks some tracks.
    assert compared.loc["free", "nmi"]["difference_low"] > 0
    assert compared.loc["part", "nmi"]["difference_low"] > 0


def test_means_over_seeds_are_those_of_scikit_learn(compared):
    clusterings = planted(0.9, 0)
    expected = [
        metrics.normalized_mutual_info_score(PLANTED["genre"], one["cluster"])
        for _, one in clusterings.groupby("seed")
    ]
    assert compared.loc["good", "nmi"]["value"] == pytest.approx(np.mean(expected))
    assert compared.loc["good", "nmi"]["deviation"] == pytest.approx(np.std(expected, ddof=1))


def test_chance_is_where_nothing_was_planted(compared):
    assert compared.loc["bad", "nmi"]["p"] > 1 / 201
    assert compared.loc["good", "nmi"]["p"] == 1 / 201
    assert compared.loc["bad", "nmi"]["value"] < compared.loc["good", "nmi"]["chance"] * 4
    assert set(compared["shuffled"]) == {"songs"}

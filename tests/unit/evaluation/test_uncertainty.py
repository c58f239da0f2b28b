"""Intervals and permutation nulls: against scikit-learn, and in simulations of a known truth."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kstest
from sklearn import metrics

from hybridmusic.evaluation import contingency, resampling, scores, uncertainty
from hybridmusic.evaluation.estimate import Estimate
from hybridmusic.tables.agreement import better

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
    weights = resampling.unit_weights(songs, 20, rng)
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
            weights = resampling.unit_weights(songs, 200, rng)
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
    weights = resampling.unit_weights(range(130), 500, rng)
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
    weights = resampling.unit_weights(SONGS, 500, rng)
    unpaired = resampling.unit_weights(SONGS, 500, rng)
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


N_HALVES = 40
PLANTED = pd.DataFrame(
    {
        "genre": np.repeat(["a", "b", "c", "d"], 60),
        "language": np.tile(["x", "y"], 120),
        "unit": np.repeat(np.arange(120), 2).astype(str),
    },
    index=[f"t{n}" for n in range(240)],
)


def follower(share: float, seed: int, tracks: pd.DataFrame = PLANTED, k: int = 4) -> np.ndarray:
    """Return clusters that follow genre for a share of the tracks and are random otherwise."""
    random = np.random.default_rng(seed)
    follows = random.random(len(tracks)) < share
    genre = tracks["genre"].astype("category").cat.codes
    return np.where(follows, genre, random.integers(0, k, len(tracks)))


def rows(clusters, k: int | None, tracks: pd.DataFrame = PLANTED, **of) -> pd.DataFrame:
    table = pd.DataFrame({"id": tracks.index, "cluster": clusters, **of})
    return table.assign(k=pd.array([k] * len(table), dtype="Int64"))


def made(cluster, k: int | None, seeds=(0, 1)) -> pd.DataFrame:
    """Return a clustering of PLANTED of every seed; `cluster` is called with tracks and seed."""
    return pd.concat([rows(cluster(PLANTED, seed), k, seed=seed) for seed in seeds])


def refitted(cluster, k: int | None, tracks: uncertainty.Labelled) -> pd.DataFrame:
    """Return clusters of every half, fitted again."""
    parts = []
    for number, half in enumerate(tracks.halves):
        own = PLANTED[half]
        parts.append(rows(cluster(own, 100 + number), k, own, half=number))
    return pd.concat(parts)


def planted(share: float):
    return lambda tracks, seed: follower(share, seed, tracks)


@pytest.fixture(scope="module")
def tracks():
    return uncertainty.Labelled.of(PLANTED, N_HALVES, 200, seed=0)


@pytest.fixture(scope="module")
def compared(tracks):
    shares = {"good": 0.9, "plain": 0.6, "bad": 0.0, "again": 0.6}
    clusterings = {name: made(planted(share), 4) for name, share in shares.items()}
    refits = {name: refitted(planted(share), 4, tracks) for name, share in shares.items()}
    # One finds its number of clusters, one lacks some tracks, and one was not fitted again.
    clusterings |= {"free": made(planted(0.9), None), "fixed": made(planted(0.9), 4)}
    refits["free"] = refitted(planted(0.9), None, tracks)
    part = made(planted(0.9), 4)
    clusterings["part"] = part[part["id"].isin(PLANTED.index[:200])]
    scores = uncertainty.Scores(tracks, clusterings, refits, {})
    baselines = ["plain", "bad", "again"]
    return uncertainty.compare(scores, baselines, ["again"], 0).set_index(["method", "metric"])


def test_scores_are_compared_with_the_best_baseline(compared):
    good = compared.loc["good", "nmi"]
    best = compared.loc[good["baseline"], "nmi"]
    assert good["baseline"] in ("plain", "again")
    assert best["value"] == max(compared.loc[n, "nmi"]["value"] for n in ("plain", "again", "bad"))
    assert good["difference"] == pytest.approx(good["value"] - best["value"])
    for metric in ("nmi", "ari", "ami", "purity"):
        assert compared.loc["good", metric]["difference_low_all"] > 0
        assert compared.loc["bad", metric]["difference_high_all"] < 0
        row = compared.loc["good", metric]
        assert row["low_all"] < row["low"] < row["value"] < row["high"] < row["high_all"] <= 1
    assert np.isnan(best["difference"])
    assert compared.loc["free", "nmi"]["difference_low_all"] > 0
    assert compared.loc["part", "nmi"]["difference_low_all"] > 0


def test_what_was_fitted_again_is_named(compared):
    of = compared.xs("nmi", level="metric")["refitted"]
    assert of[["good", "again", "fixed"]].to_list() == ["all", "clusters", "nothing"]


def test_means_over_seeds_are_those_of_scikit_learn(compared):
    for metric, score in (
        ("nmi", metrics.normalized_mutual_info_score),
        ("ari", metrics.adjusted_rand_score),
        ("ami", metrics.adjusted_mutual_info_score),
    ):
        expected = [score(PLANTED["genre"], follower(0.9, seed)) for seed in (0, 1)]
        row = compared.loc["good", metric]
        assert row["value"] == pytest.approx(np.mean(expected))
        assert row["deviation"] == pytest.approx(np.std(expected, ddof=1))
        assert (row["clusters"], row["finds_k"]) == (4, False)


def test_chance_is_where_nothing_was_planted(compared):
    assert compared.loc["bad", "nmi"]["p"] > 1 / 201
    assert compared.loc["good", "nmi"]["p"] == 1 / 201
    assert compared.loc["bad", "nmi"]["value"] < compared.loc["good", "nmi"]["chance"] * 4
    assert np.isnan(compared.loc["bad", "ami"]["p"])
    assert set(compared["shuffled"]) == {"units"}


def test_a_half_without_genres_leaves_the_interval_empty():
    # The clips of one song alone have genres.
    few = PLANTED.assign(genre=["a", "b", *[None] * 238])
    labelled = uncertainty.Labelled.of(few, 10, 20, seed=0)
    table = made(planted(0.9), 4)
    scores = uncertainty.Scores(labelled, {"a": table, "b": table}, {}, {})
    row = uncertainty.compare(scores, ["b"], [], 0).set_index(["method", "metric"]).loc["a", "nmi"]
    assert np.isfinite(row["value"])
    assert np.isnan([row["low"], row["high_all"], row["difference_low"]]).all()


def alone(tracks, seed):
    """Put each song into a cluster of its own."""
    return pd.factorize(tracks["unit"])[0]


def scattered(k: int):
    return lambda tracks, seed: np.random.default_rng(seed).integers(0, k, len(tracks))


def plain(share: float, number: int, tracks: pd.DataFrame, seed: int) -> np.ndarray:
    """Return clusters that follow genre for a share of the tracks, cut at any number."""
    genre = follower(share, seed, tracks)
    if number < 4:
        return np.minimum(genre, number - 1)
    # Each genre's cluster is cut by song, as a hierarchy is.
    song = pd.factorize(tracks["unit"])[0]
    return pd.factorize(genre + 4 * (song % (number // 4)))[0]


@pytest.mark.parametrize(
    "cluster", [alone, scattered(4), scattered(80), lambda tracks, seed: np.zeros(len(tracks), int)]
)
def test_many_clusters_one_cluster_and_random_ones_are_never_better(tracks, cluster):
    clusterings = {"odd": made(cluster, None), "plain": made(planted(0.6), 4)}
    refits = {
        "odd": refitted(cluster, None, tracks),
        "plain": refitted(planted(0.6), 4, tracks),
    }
    numbers = {
        *(len(np.unique(cluster(PLANTED, seed))) for seed in (0, 1)),
        *(
            refits["odd"].loc[refits["odd"]["half"] == half, "cluster"].nunique()
            for half in range(N_HALVES)
        ),
    }
    cuts, more = [], [refits["plain"]]
    for number in numbers:

        def cut(tracks, seed, number=number):
            return plain(0.6, number, tracks, seed)

        cuts.append(made(cut, number))
        more.append(refitted(cut, number, tracks))
    refits["plain"] = pd.concat(more)
    scores = uncertainty.Scores(tracks, clusterings, refits, {"plain": pd.concat(cuts)})
    table = uncertainty.compare(scores, ["plain"], [], 0)
    odd = table[table["method"] == "odd"].set_index("metric")
    assert "odd" not in better(table, 4)
    if cluster is alone:
        # By NMI alone, at another number of clusters, it would be far better.
        assert (
            odd.loc["nmi", "value"]
            > table.set_index(["method", "metric"]).loc[("plain", "nmi"), "value"]
        )
        assert odd.loc["nmi", "clusters"] == 120


def test_differences_are_found_at_the_nominal_rate():
    """Simulate collections, where two methods are equally good: few differences exclude 0."""
    random, beyond, wrong = np.random.default_rng(7), [], []
    for trial in range(60):
        genre = np.repeat(random.permutation(4), 30)
        own = pd.DataFrame(
            {
                "genre": np.array(list("abcd"))[genre],
                "language": "x",
                "unit": np.arange(120).astype(str),
            },
            index=[f"t{n}" for n in range(120)],
        )
        labelled = uncertainty.Labelled.of(own, 20, 20, seed=trial)
        clusterings, refits = {}, {}
        for place, (name, share) in enumerate({"a": 0.6, "b": 0.6, "c": 0.8}.items()):
            clusters = follower(share, 1000 * trial + place, own)
            clusterings[name] = rows(clusters, 4, own, seed=0)
            refits[name] = pd.concat(
                [
                    rows(clusters[half], 4, own[half], half=number)
                    for number, half in enumerate(labelled.halves)
                ]
            )
        scores = uncertainty.Scores(labelled, clusterings, refits, {})
        table = uncertainty.compare(scores, ["a"], [], 0).set_index(["method", "metric"])
        same, better_one = table.loc["b", "nmi"], table.loc["c", "nmi"]
        wrong.append(same["difference_low"] > 0 or same["difference_high"] < 0)
        beyond.append(better_one["difference_low"] > 0)
    # 0.08 ± 0.04 and 1.00.
    assert np.mean(wrong) <= 0.2
    assert np.mean(beyond) >= 0.8

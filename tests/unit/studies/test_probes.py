"""Probes are scikit-learn's; they find what is planted, and nothing in noise."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, kstest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from hybridmusic.errors import InputError
from hybridmusic.studies import probes
from hybridmusic.studies.probes import LOGISTIC, NEIGHBOURS, PROBES, SVM
from hybridmusic.transforms import standardise

pytestmark = pytest.mark.numerical

SONGS = np.repeat(np.arange(60), 3)
GENRES = np.array(["folk", "pop", "rock"])[np.random.default_rng(9).integers(3, size=60)][SONGS]
HALVES = np.array(["bangla", "english"])[SONGS % 2]


def fingerprints(rng):
    """Return vectors (180, 8) that reveal a clip's song and nothing else."""
    return rng.normal(size=(60, 8))[SONGS] + 0.1 * rng.normal(size=(180, 8))


def scale(train, test, own, others):
    """Scale within each language as the space `standardise` with `by: language` does."""
    pairs = ((train, own), (test, others))
    return tuple(
        standardise.place(train, x, language=(own, language), by="language")
        for x, language in pairs
    )


def test_probes_are_scikit_learns_in_a_pipeline_with_its_scaler():
    rng = np.random.default_rng(0)
    x = fingerprints(rng) * np.arange(1, 9)
    x[:, 5] += 3 * (GENRES == "pop")
    result = probes.probe(x, GENRES, SONGS, np.random.default_rng(1), permutations=3, refits=2)
    seed = int(np.random.default_rng(1).integers(2**31))
    label = np.unique(GENRES, return_inverse=True)[1]
    fold = probes.split(label, SONGS, 5, seed)
    assert all(len(set(fold[song == SONGS])) == 1 for song in range(60))
    models = {
        LOGISTIC: LogisticRegression(class_weight="balanced", tol=1e-3),
        NEIGHBOURS: KNeighborsClassifier(5),
        SVM: SVC(C=10, class_weight="balanced", break_ties=True),
    }
    for name, model in models.items():
        predicted = np.empty_like(label)
        for number in range(5):
            test = fold == number
            fitted = make_pipeline(StandardScaler(), model).fit(x[~test], label[~test])
            predicted[test] = fitted.predict(x[test])
        assert result[name].accuracy == pytest.approx(balanced_accuracy_score(label, predicted))
        parts = [balanced_accuracy_score(label[fold == n], predicted[fold == n]) for n in range(5)]
        assert result[name].deviation == pytest.approx(np.std(parts, ddof=1))
    assert [result[name].shuffles for name in PROBES] == [2, 3, 2]


def test_a_planted_shift_is_found_by_all_probes():
    rng = np.random.default_rng(0)
    x = fingerprints(rng)
    x[:, 5] += 3 * (GENRES == "pop")
    x[:, 6] += 3 * (GENRES == "rock")
    for result in probes.probe(x, GENRES, SONGS, rng).values():
        # Between 0.68 and 0.95 over 20 seeds, and 0.33 ± 0.02 by chance.
        assert result.accuracy > 0.55
        assert result.chance.mean == pytest.approx(1 / 3, abs=0.06)
        assert result.chance.p == pytest.approx(1 / (1 + result.shuffles))


@pytest.mark.parametrize("planted", ["xor", "ring"])
def test_what_no_plane_separates_is_found_by_neighbours_and_svm_alone(planted):
    rng = np.random.default_rng(2)
    songs = np.repeat(np.arange(100), 2)
    english = np.arange(100) % 2 == 1
    if planted == "xor":
        first = rng.random(100) < 0.5
        centres = 3 * np.column_stack([first, first ^ english])
    else:
        angle = 2 * np.pi * rng.random(100)
        centres = (1 + 3 * english)[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    x = centres[songs] + 0.3 * rng.normal(size=(200, 2))
    result = probes.probe(x, english[songs], songs, rng)
    assert result[NEIGHBOURS].accuracy > 0.95
    assert result[SVM].accuracy > 0.95
    assert result[NEIGHBOURS].chance.p == pytest.approx(0.005)
    assert result[SVM].chance.p == pytest.approx(0.05)
    # At most 0.62 over 20 seeds.
    assert result[LOGISTIC].accuracy < 0.75


@pytest.mark.parametrize("scaled", [False, True])
def test_p_is_uniform_where_nothing_is_planted(scaled):
    rng = np.random.default_rng(1)
    songs = np.repeat(np.arange(30), 2)
    english = np.arange(30)[songs] % 2 == 1
    found = []
    for _ in range(50):
        x = rng.normal(size=(30, 3))[songs] + 0.1 * rng.normal(size=(60, 3))
        given = {}
        if scaled:  # what languages differ in is scaled away
            x = (x + 5 * english[:, None]) * (1 + english[:, None])
            x = standardise.transform(x, 0, language=english, by="language")
            given = {"scale": scale}
        found.append(probes.probe(x, english, songs, rng, permutations=9, folds=2, **given))
    for name in PROBES:
        p = np.array([one[name].chance.p for one in found])
        # Ties make p larger than uniform. Each fails for one seed in a thousand.
        assert np.sum(p <= 0.1) <= binom.isf(0.001, 50, 0.1)
        assert kstest(p, "uniform", alternative="greater").pvalue > 0.001


def test_scaling_again_repairs_the_null_of_a_space_scaled_within_languages():
    rng = np.random.default_rng(3)
    x = fingerprints(rng) + 5 * (HALVES == "english")[:, None]
    x = standardise.transform(x, 0, language=HALVES, by="language")
    once = probes.probe(x, HALVES, SONGS, rng)[LOGISTIC]
    # The mean of held-out songs is opposite to that of training songs: 0.2 ± 0.05 over 20 seeds,
    # far below labels that are shuffled and not scaled by.
    assert once.accuracy < 0.4 < once.chance.mean
    assert once.chance.p > 0.9
    for result in probes.probe(x, HALVES, SONGS, rng, scale=scale).values():
        assert result.chance.mean == pytest.approx(0.5, abs=0.1)
        assert result.chance.p > 0.05
        assert result.shuffles == probes.REFITS


def test_scaling_again_is_the_scaling_of_what_was_not_scaled_yet():
    rng = np.random.default_rng(8)
    x = fingerprints(rng) + 5 * (HALVES == "english")[:, None]
    train, test = SONGS < 40, SONGS >= 40
    made = standardise.transform(x, 0, language=HALVES, by="language")
    pairs = [(one[train], one[test], HALVES[train], HALVES[test]) for one in (x, made)]
    for before, after in zip(*(scale(*pair) for pair in pairs), strict=True):
        np.testing.assert_allclose(before, after, atol=1e-5)


def test_what_scaling_within_languages_leaves_is_found():
    rng = np.random.default_rng(4)
    x = fingerprints(rng)[:, :2]
    # Of equal mean and variance in both languages, but of two clouds in one of them.
    x[:, 0] += np.where(HALVES == "english", np.where(SONGS % 4 == 1, 9, -9), 0)
    x = standardise.transform(x, 0, language=HALVES, by="language")
    result = probes.probe(x, HALVES, SONGS, rng, scale=scale)
    assert result[SVM].accuracy > 0.7
    assert result[SVM].chance.p == pytest.approx(0.05)


def test_a_constant_predicts_nothing():
    rng = np.random.default_rng(2)
    for result in probes.probe(np.ones((180, 2)), GENRES, SONGS, rng, permutations=9).values():
        assert result.accuracy == pytest.approx(1 / 3, abs=0.05)
        assert result.chance.p > 0.05


def test_a_fold_that_trains_on_one_class_predicts_it():
    held = probes.Fold(np.eye(6), np.eye(6)[:2])
    labels = np.ones((1, 6), dtype=int)
    assert all(getattr(held, name)(labels).tolist() == [[1, 1]] for name in PROBES)


def test_balanced_accuracy_is_scikit_learns():
    rng = np.random.default_rng(5)
    truth, predicted = rng.integers(4, size=50) * 2, rng.integers(8, size=50)
    expected = np.mean([np.mean(predicted[truth == one] == one) for one in np.unique(truth)])
    assert probes.balanced_accuracy(truth, predicted) == pytest.approx(expected)


def test_fewer_units_than_folds_are_refused():
    with pytest.raises(InputError, match="as many units, not 3"):
        probes.probe(np.ones((6, 1)), [0, 1] * 3, [0, 0, 1, 1, 2, 2], np.random.default_rng(0))


def collection(rng):
    """Return fingerprints and genres; one song has a genre of its own and one has none."""
    x = fingerprints(rng)
    tracks = pd.DataFrame({"genre": GENRES, "language": "english", "unit": SONGS, "song": SONGS})
    tracks["fold"] = None
    tracks.loc[SONGS == 0, "genre"] = "polka"
    tracks.loc[SONGS == 1, "genre"] = None
    return x, tracks


def test_labels_of_a_single_song_or_kind_are_left_out():
    rng = np.random.default_rng(5)
    x, tracks = collection(rng)
    rows = probes.read_labels(x, tracks, 19, 0)
    assert [row["probe"] for row in rows] == list(PROBES)
    assert {(row["label"], row["classes"], row["tracks"]) for row in rows} == {("genre", 3, 174)}
    few = tracks["unit"] < 4
    assert probes.read_labels(x[few], tracks[few].assign(genre=None), 19, 0) == []
    assert probes.read_labels(np.ones_like(x), tracks, 19, 0) == []
    # Two songs each, in two folds.
    few = tracks[few].assign(genre=np.repeat(["pop", "rock"], 6), language=None)
    assert probes.read_labels(np.eye(12), few, 19, 0)[0]["classes"] == 2


def test_units_are_a_column_and_many_tracks_are_sampled_by_them(monkeypatch):
    x, tracks = collection(np.random.default_rng(6))
    monkeypatch.setattr(probes, "MOST_TRACKS", 100)
    rows = probes.read_labels(x, tracks.assign(genre=GENRES), 3, 0)
    assert rows[0]["tracks"] == 99
    assert not {"by_song", "published"} & set(rows[0])
    # Artists of six tracks each.
    tracks["unit"] = SONGS // 2
    genre = np.array(["pop", "rock"])[tracks["unit"] % 2]
    rows = probes.read_labels(x, tracks.assign(genre=genre), 3, 0)
    assert rows[0]["tracks"] == 96
    assert ["by_song" in row for row in rows] == [True, False, False]


def test_folds_by_song_reward_what_tells_artists_apart():
    rng = np.random.default_rng(8)
    artist = np.repeat(np.arange(20), 10)
    # Sound is the artist's alone, and genres are random by artist.
    x = rng.normal(size=(20, 30))[artist] + 0.3 * rng.normal(size=(200, 30))
    tracks = pd.DataFrame(
        {
            "genre": rng.permutation(np.repeat(["pop", "rock"], 10))[artist],
            "song": np.arange(200),
            "unit": artist,
            "fold": np.where(artist < 10, "Train", "TEST"),
        }
    )
    tracks.loc[artist == 0, "fold"] = None
    every = np.ones(200, dtype=bool)
    found = probes.other_folds(x, tracks, every, 5, 0)
    # Artists are ten standard deviations apart, but for one track.
    assert found["by_song"] > 0.95
    # Of the other artists nothing is known: mean .5, deviation about .5 / sqrt(10 artists).
    assert abs(found["published"] - 0.5) < 3 * 0.16
    train = (tracks["fold"] == "Train").to_numpy()
    test = (tracks["fold"] == "TEST").to_numpy()
    scaler = StandardScaler().fit(x[train])
    model = LogisticRegression(class_weight="balanced", max_iter=1000)
    model.fit(scaler.transform(x[train]), tracks["genre"][train])
    expected = balanced_accuracy_score(
        tracks["genre"][test], model.predict(scaler.transform(x[test]))
    )
    assert found["published"] == pytest.approx(expected, abs=0.02)
    assert (
        probes.other_folds(x, tracks.assign(unit=tracks["song"], fold="train"), every, 5, 0) == {}
    )


def test_the_null_repeats_a_scaling_alone():
    x, tracks = collection(np.random.default_rng(7))
    tracks = tracks.assign(genre=GENRES, language=HALVES)
    kinds = lambda **made: {  # noqa: E731
        row["label"]: row["null_kind"] for row in probes.read_labels(x, tracks, 1, 0, **made)
    }
    assert kinds() == {"genre": probes.SHUFFLED, "language": probes.SHUFFLED}
    assert kinds(used={"genre"}) == {"genre": probes.GIVEN, "language": probes.GIVEN}
    assert kinds(used={"language"}) == {"genre": probes.SHUFFLED, "language": probes.GIVEN}
    scaled = kinds(used={"language"}, scale=scale)
    assert scaled == {"genre": probes.SHUFFLED, "language": probes.SCALED}

"""Disentanglement of latents made from known factors."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, entropy, kstest
from sklearn.linear_model import LinearRegression
from sklearn.metrics import balanced_accuracy_score, mutual_info_score
from sklearn.tree import DecisionTreeClassifier

from hybridmusic.studies import disentanglement
from hybridmusic.studies.disentanglement import (
    FIELDS,
    LEFT_OUT,
    Factor,
    as_factor,
    dci,
    discretise,
    mutual_information_gap,
    separated_predictability,
)

pytestmark = pytest.mark.numerical

N = 1200
SONGS = np.repeat(np.arange(N // 3), 3)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def factors(rng):
    return rng.integers(4, size=(N, 3))


def test_bins_are_equally_wide():
    x = np.array([[0.0, 5], [0.49, 5], [0.51, 5], [1, 5]])
    assert discretise(x, 2).T.tolist() == [[0, 0, 1, 1], [0, 0, 0, 0]]


def test_one_latent_for_each_factor(rng, factors):
    x = factors + 0.01 * rng.normal(size=(N, 3))
    assert mutual_information_gap(x, factors) == pytest.approx([1, 1, 1], abs=0.02)
    result = dci(x, factors, SONGS, rng)
    assert result.disentanglement > 0.95
    assert result.completeness > 0.95
    assert result.informativeness == pytest.approx([1, 1, 1])
    assert result.importance.argmax(axis=0).tolist() == [0, 1, 2]
    assert result.importance.sum(axis=0) == pytest.approx([1, 1, 1])


def test_a_factor_over_two_latents_has_no_gap(rng, factors):
    turned = np.array([[1, 1, 0], [1, -1, 0], [0, 0, np.sqrt(2)]]) / np.sqrt(2)
    x = (factors - 1.5) @ turned
    result = mutual_information_gap(x, factors)
    # 0.01 ± 0.01 over 9 seeds.
    assert result[:2] == pytest.approx([0, 0], abs=0.06)
    assert result[2] == pytest.approx(1, abs=0.02)
    scores = dci(x, factors, SONGS, rng)
    # Two latents represent two factors each, evenly: 1 - ln 2 / ln 3; one represents a single one.
    assert scores.disentanglement == pytest.approx(1 - 2 / 3 * np.log(2) / np.log(3), abs=0.05)
    assert scores.completeness == pytest.approx(1 - 2 / 3 * np.log(2) / np.log(3), abs=0.05)
    assert scores.informativeness == pytest.approx([1, 1, 1])


def test_a_factor_that_is_not_represented_or_constant(rng, factors):
    x = rng.normal(size=(N, 4))
    labels = np.column_stack([factors, np.zeros(N, dtype=int)])
    result = mutual_information_gap(x, labels)
    assert result[:3] == pytest.approx([0, 0, 0], abs=0.02)
    assert np.isnan(result[3])
    scores = dci(x, factors, SONGS, rng)
    assert scores.disentanglement < 0.05
    assert scores.informativeness == pytest.approx([0.25] * 3, abs=0.1)


def test_a_single_latent_has_the_gap_to_nothing(rng, factors):
    x = factors[:, :1].astype(float)
    assert mutual_information_gap(x, factors[:, :1]) == pytest.approx([1])
    result = dci(x, factors[:, :2], SONGS, rng)
    assert np.isnan(result.completeness)
    assert result.informativeness[0] == 1


def test_tracks_that_are_left_out_count_for_nothing(rng, factors):
    x = factors + rng.normal(size=(N, 3))
    kept = rng.random(N) < 0.8
    labels = np.where(kept[:, None], factors, LEFT_OUT)
    # Bins are those of all tracks.
    expected = [_gap_of(discretise(x)[kept], factors[kept, number]) for number in range(3)]
    assert mutual_information_gap(x, labels) == pytest.approx(expected)
    assert dci(x, labels, SONGS, rng).informativeness.shape == (3,)


def _gap_of(latents, factor):
    """Return the mutual information gap by scikit-learn."""
    scores = sorted(mutual_info_score(factor, one) for one in latents.T)
    return (scores[-1] - scores[-2]) / entropy(np.bincount(factor))


def test_numbers_are_predicted_by_linear_regression_on_one_latent(rng):
    x = rng.normal(size=(N, 4))
    y = 2 * x[:, 1] + x[:, 2] + rng.normal(size=N)
    scores = [LinearRegression().fit(one[:, None], y).score(one[:, None], y) for one in x.T]
    factor = Factor("tempo", np.zeros(N, dtype=int), y[:, None])
    assert separated_predictability(x, factor) == pytest.approx(scores[1] - scores[2])
    # A planted pair: R² of 0.8 and 0.2, and a collapsed latent.
    pair = np.column_stack([2 * x[:, 0], x[:, 1], np.full(N, 3.0)])
    factor = Factor("tempo", np.zeros(N, dtype=int), (2 * x[:, 0] + x[:, 1])[:, None])
    assert separated_predictability(pair, factor) == pytest.approx(0.6, abs=0.05)


def test_an_angle_is_predicted_on_its_circle(rng):
    turn = rng.random(N)
    circle = np.column_stack([np.cos(2 * np.pi * turn), np.sin(2 * np.pi * turn)])
    x = np.column_stack([circle[:, 0], rng.normal(size=N)])
    factor = Factor("tonic", np.zeros(N, dtype=int), circle)
    model = LinearRegression().fit(x[:, :1], circle)
    expected = model.score(x[:, :1], circle)
    # The cosine explains itself and not the sine.
    assert expected == pytest.approx(0.5, abs=0.05)
    assert separated_predictability(x, factor) == pytest.approx(expected, abs=0.02)


def test_categories_are_predicted_by_thresholds_on_one_latent(rng):
    label = rng.choice(4, p=[0.4, 0.3, 0.2, 0.1], size=N)
    factor = Factor("genre", label, None)
    x = rng.normal(size=(N, 3))
    x[:, 2] = label
    # 0.71 ± 0.01 over 20 seeds, and 0.01 ± 0.01 without the third latent.
    assert separated_predictability(x, factor) > 0.6
    assert separated_predictability(x[:, :2], factor) < 0.08
    # Two classes that are one threshold apart, with one in ten on the wrong side.
    half = np.repeat([0, 1], N // 2)
    wrong = np.tile(np.arange(10) == 0, N // 10)
    x = np.column_stack([half ^ wrong, np.zeros(N)]).astype(float)
    assert separated_predictability(x, Factor("mode", half, None)) == pytest.approx(0.9 - 0.5)
    # The same thresholds and score by scikit-learn's own weights.
    x = label[:, None] + rng.normal(size=(N, 1))
    tree = DecisionTreeClassifier(max_leaf_nodes=4, class_weight="balanced").fit(x, label)
    expected = balanced_accuracy_score(label, tree.predict(x))
    assert separated_predictability(x, factor) == pytest.approx(expected, abs=0.01)


def test_numbers_become_classes_of_equally_many_tracks():
    songs = np.arange(100)
    numbers = pd.Series(np.r_[np.arange(99.0), 1e6], name="energy")
    factor = as_factor(numbers, songs)
    assert np.bincount(factor.labels).tolist() == [20] * 5
    assert factor.values[:, 0].tolist() == numbers.to_list()
    # Three classes of few tracks, and none of too few.
    assert np.bincount(as_factor(numbers[:30], songs[:30]).labels).tolist() == [10] * 3
    assert as_factor(numbers[:18], songs[:18]) is None


def test_a_tonic_is_cut_on_its_circle():
    # A note and its octave are one class, and the last semitone is as near to the first.
    notes = np.arange(24)
    hertz = pd.Series(440 * 2 ** (np.repeat(notes, 10) / 12), name="tonic")
    factor = as_factor(hertz, np.arange(240))
    assert len(np.unique(factor.labels)) == 5
    assert factor.labels[:120].tolist() == factor.labels[120:].tolist()
    around = factor.values[::10]
    steps = np.linalg.norm(around - np.roll(around, 1, axis=0), axis=1)
    assert steps == pytest.approx(np.full(24, steps[0]))


def test_small_classes_and_those_of_one_song_are_left_out():
    genres = pd.Series(["pop"] * 12 + ["rock"] * 11 + ["folk"] * 9 + ["jazz"] * 10, name="genre")
    songs = np.r_[np.arange(32), np.full(10, 99)]
    factor = as_factor(genres, songs)
    assert factor.values is None
    assert factor.labels.tolist() == [0] * 12 + [1] * 11 + [LEFT_OUT] * 19
    assert as_factor(genres[12:], songs[12:]) is None
    assert as_factor(pd.Series(["english"] * 40), np.arange(40)) is None


def test_unknown_factors_and_tracks_without_one_are_left_out():
    factors = pd.DataFrame(
        {"tempo": [60.0, 99.9, 100.1], "genre": ["pop", None, "folk"], "mode": [None] * 3},
        index=list("abc"),
    )
    known = disentanglement.known_factors(factors)
    assert list(known) == ["tempo", "genre"]
    assert known.index.to_list() == ["a", "c"]


def scores_of(members, factors, songs):
    rows = disentanglement.measure(members, factors, songs, seed=0)
    return pd.DataFrame(rows, columns=FIELDS)


def test_a_space_is_measured_for_every_seed_by_mig_and_once_by_the_others(
    rng, factors, monkeypatch
):
    names = pd.DataFrame(factors, columns=["a", "b", "c"])
    members = {7: factors + 0.01 * rng.normal(size=(N, 3)), 8: rng.normal(size=(N, 3))}
    seen = []

    def recorded(x, labels, songs, random):
        seen.append((x, songs))
        return dci(x, labels, songs, random)

    monkeypatch.setattr(disentanglement, "dci", recorded)
    result = scores_of(members, names, SONGS)
    mig = result[result["metric"].eq("mig") & result["factor"].notna()]
    means = mig.groupby("seed")["value"].mean()
    assert means.to_dict() == {7: pytest.approx(1, abs=0.02), 8: pytest.approx(0, abs=0.02)}
    assert mig["chance"].max() < 0.02
    overall = result[result["factor"].isna()].set_index("metric")
    assert overall.loc["mig", "value"] == pytest.approx(means.mean())
    assert overall.loc["mig", "deviation"] == pytest.approx(means.std())
    assert overall.loc[["mig", "sap"], "p"].to_list() == [0.05, 0.05]
    assert set(result.loc[result["metric"] != "mig", "seed"].dropna()) == {7}
    assert overall.loc["disentanglement", "value"] > 0.95
    assert overall.loc["disentanglement", "chance"] < 0.2
    found = result[result["metric"].eq("informativeness")].set_index("factor")
    assert found["value"].to_list() == pytest.approx([1] * 4)
    assert found["chance"].to_list() == pytest.approx([0.25] * 4, abs=0.08)
    # Songs are sampled whole, up to the limit, for each split and shuffle.
    assert len(seen) == disentanglement.SPLITS + disentanglement.FOREST_SHUFFLES
    x, songs = seen[0]
    assert disentanglement.MOST_TRACKS - 3 < len(x) <= disentanglement.MOST_TRACKS
    assert set(np.unique(songs, return_counts=True)[1]) == {3}
    assert scores_of(members, names.assign(a=0, b=0, c=0), SONGS).empty


def test_nothing_that_songs_have_in_common_exceeds_chance_beyond_the_nominal_rate(monkeypatch):
    """Latents and factors are alike in clips of a song, and independent of each other."""
    monkeypatch.setattr(disentanglement, "_forest_rows", lambda *args: [])
    rng = np.random.default_rng(3)
    songs = np.repeat(np.arange(40), 3)
    found = []
    for _ in range(40):
        x = rng.normal(size=(40, 4))[songs] + 0.1 * rng.normal(size=(120, 4))
        factors = pd.DataFrame(
            {
                "tempo": rng.normal(size=40)[songs] + 0.1 * rng.normal(size=120),
                "genre": rng.choice(list("abc"), 40)[songs],
            }
        )
        found.append(scores_of({0: x}, factors, songs).dropna(subset="p").set_index("metric")["p"])
    p = pd.DataFrame(found)
    # Fails for one seed in a thousand.
    for metric in ("mig", "sap"):
        assert np.sum(p[metric] <= 0.05) <= binom.isf(0.001, 40, 0.05)
        assert kstest(p[metric], "uniform", alternative="greater").pvalue > 0.001


def test_forests_stand_next_to_their_chance(rng, factors):
    noise = rng.normal(size=(N, 4))
    result = scores_of({0: noise}, pd.DataFrame(factors, columns=["a", "b", "c"]), SONGS)
    means = result[result["factor"].isna() & result["p"].isna()].set_index("metric")
    # Differences over 9 seeds are at most 0.01, and 0.03 for informativeness.
    assert means["value"].to_list() == pytest.approx(means["chance"].to_list(), abs=0.05)

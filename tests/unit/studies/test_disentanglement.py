"""Disentanglement of latents made from known factors."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.studies import disentanglement
from hybridmusic.studies.disentanglement import dci, discretise, mutual_information_gap

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
    labels = np.column_stack([factors, np.zeros(N)])
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


def test_factors_become_labels_without_unknown_ones():
    factors = pd.DataFrame(
        {
            "tempo": [60.0, 99.9, 100.1, 260.0],
            "cycle": [3, 4, 4, 16],
            "genre": ["pop", "pop", None, "folk"],
            "mode": [None] * 4,
            "language": ["english"] * 4,
        },
        index=list("abcd"),
    )
    labels = disentanglement.as_labels(factors)
    assert list(labels) == ["tempo", "cycle", "genre"]
    assert labels.index.to_list() == ["a", "b", "d"]
    assert labels["tempo"].to_list() == [0, 0, 4]
    assert labels["cycle"].to_list() == [3, 4, 16]


def test_a_space_is_measured_for_every_seed_by_mig_and_once_by_dci(rng, factors, monkeypatch):
    names = pd.DataFrame(factors, columns=["a", "b", "c"])
    members = {7: factors + 0.01 * rng.normal(size=(N, 3)), 8: rng.normal(size=(N, 3))}
    seen = []

    def recorded(x, labels, songs, random):
        seen.append((x, songs))
        return dci(x, labels, songs, random)

    monkeypatch.setattr(disentanglement, "dci", recorded)
    rows = disentanglement.measure(members, names, SONGS, seed=0)
    result = pd.DataFrame(rows, columns=["seed", "metric", "factor", "value"])
    mig = result[result["metric"] == "mig"].groupby("seed")["value"].mean()
    assert mig.to_dict() == {7: pytest.approx(1, abs=0.02), 8: pytest.approx(0, abs=0.02)}
    others = result[result["metric"] != "mig"].set_index(["metric", "factor"])
    assert set(others["seed"]) == {7}
    assert others.loc["disentanglement", "value"].item() > 0.95
    assert others.loc["chance", "value"].to_list() == [0.25] * 3
    # Songs are sampled whole, up to the limit.
    ((x, songs),) = seen
    assert disentanglement.MOST_TRACKS - 3 < len(x) <= disentanglement.MOST_TRACKS
    assert set(np.unique(songs, return_counts=True)[1]) == {3}

"""Disentanglement of latents made from known factors."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic import disentanglement
from hybridmusic.disentanglement import dci, discretise, mutual_information_gap

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
    found = dci(x, factors, SONGS, rng)
    assert found.disentanglement > 0.95
    assert found.completeness > 0.95
    assert found.informativeness == pytest.approx([1, 1, 1])
    assert found.importance.argmax(axis=0).tolist() == [0, 1, 2]
    assert found.importance.sum(axis=0) == pytest.approx([1, 1, 1])


def test_a_factor_over_two_latents_has_no_gap(rng, factors):
    turned = np.array([[1, 1, 0], [1, -1, 0], [0, 0, np.sqrt(2)]]) / np.sqrt(2)
    x = (factors - 1.5) @ turned
    found = mutual_information_gap(x, factors)
    # 0.01 ± 0.01 over 9 seeds.
    assert found[:2] == pytest.approx([0, 0], abs=0.06)
    assert found[2] == pytest.approx(1, abs=0.02)
    scores = dci(x, factors, SONGS, rng)
    # Two of the latents tell of two factors each, evenly: 1 - ln 2 / ln 3; one of one alone.
    assert scores.disentanglement == pytest.approx(1 - 2 / 3 * np.log(2) / np.log(3), abs=0.05)
    assert scores.completeness == pytest.approx(1 - 2 / 3 * np.log(2) / np.log(3), abs=0.05)
    assert scores.informativeness == pytest.approx([1, 1, 1])


def test_a_factor_that_is_absent_or_constant(rng, factors):
    x = rng.normal(size=(N, 4))
    labels = np.column_stack([factors, np.zeros(N)])
    found = mutual_information_gap(x, labels)
    assert found[:3] == pytest.approx([0, 0, 0], abs=0.02)
    assert np.isnan(found[3])
    scores = dci(x, factors, SONGS, rng)
    assert scores.disentanglement < 0.05
    assert scores.informativeness == pytest.approx([0.25] * 3, abs=0.1)


def test_a_single_latent_has_the_gap_to_nothing(rng, factors):
    x = factors[:, :1].astype(float)
    assert mutual_information_gap(x, factors[:, :1]) == pytest.approx([1])
    found = dci(x, factors[:, :2], SONGS, rng)
    assert np.isnan(found.completeness)
    assert found.informativeness[0] == 1


def test_factors_become_labels_and_what_is_unknown_is_left_out():
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
    found = pd.DataFrame(rows, columns=["seed", "metric", "factor", "value"])
    mig = found[found["metric"] == "mig"].groupby("seed")["value"].mean()
    assert mig.to_dict() == {7: pytest.approx(1, abs=0.02), 8: pytest.approx(0, abs=0.02)}
    others = found[found["metric"] != "mig"].set_index(["metric", "factor"])
    assert set(others["seed"]) == {7}
    assert others.loc["disentanglement", "value"].item() > 0.95
    assert others.loc["chance", "value"].to_list() == [0.25] * 3
    # Songs are whole, and no more than there is time for.
    ((x, songs),) = seen
    assert disentanglement.MOST_TRACKS - 3 < len(x) <= disentanglement.MOST_TRACKS
    assert set(np.unique(songs, return_counts=True)[1]) == {3}


def measured():
    values = {"disentanglement": 0.5, "completeness": 0.25, "informativeness": 0.75, "chance": 0.2}
    rows = [("vae", "measured", 0, metric, None, value) for metric, value in values.items()]
    rows += [
        ("vae", "measured", seed, "mig", factor, 0.1 * seed + shift)
        for seed in (0, 1)
        for factor, shift in (("tempo", 0.0), ("genre", 0.2))
    ]
    return pd.DataFrame(rows, columns=["space", "factors", "seed", "metric", "factor", "value"])


def test_the_table_has_means_over_factors_and_the_spread_over_seeds():
    row = disentanglement.table(measured(), {"vae": 4.0}).iloc[0]
    assert row[["Network", "β", "Factors"]].to_list() == ["vae", 4.0, "measured"]
    assert row[["MIG", "± MIG"]].to_list() == pytest.approx([0.15, 0.1 / np.sqrt(2)])
    assert row.to_list()[5:] == [0.5, 0.25, 0.75, 0.2]
    assert disentanglement.notes(measured())[0] == "Measured factors: tempo, genre."
    empty = disentanglement.table(measured().iloc[:0], {})
    assert list(empty) == list(row.index)
    assert "nothing is measured" in disentanglement.notes(measured().iloc[:0])[0]

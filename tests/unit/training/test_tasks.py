"""A task trains on all of its tracks or on some, and describes its network."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from samples import near
from teaching import data, settings

from hybridmusic.networks import adaptive_fusion
from hybridmusic.training import loop
from hybridmusic.training.tasks import Task, described, encoded_together, one_hot_of, trained

pytestmark = pytest.mark.numerical

CHOSEN = np.arange(30) < 20


def task(kind, search=None, **row):
    genres = ["g", "h", None] * 10
    tracks = pd.DataFrame({"genre": genres})
    condition, classes = one_hot_of(row.get("condition", "none"), tracks, tracks)
    chosen = settings(kind, **row)
    chosen.pop("n_labels", None)
    return Task(
        kind=kind,
        settings=chosen,
        seeds=[5, 6],
        ids=[f"t{n}" for n in range(30)],
        songs=[f"s{n // 2}" for n in range(30)],
        units=[f"artist {n // 4}" for n in range(30)],
        genres=genres,
        known_genres=["g", "h"],
        x=data()[np.newaxis],
        n_features=12,
        condition=condition,
        conditioned_on="genre" if classes else "none",
        classes=classes,
        groups=np.zeros((30, 0)),
        search=search,
        device="cpu",
    )


def test_a_task_of_some_tracks_is_the_plain_training_of_these():
    one = task("vae", condition="genre")
    network, history = trained(one, CHOSEN)
    plain = loop.build("vae", 12, 2, [5, 6], one.settings)
    x, condition = data()[CHOSEN], one.condition[CHOSEN]
    expected = loop.train(plain, x, condition, [5, 6], one.settings)
    assert history.equals(expected)
    encoded, own = (loop.encode(each, x, condition).latent for each in (network, plain))
    np.testing.assert_array_equal(encoded, own)


def test_neighbours_are_searched_among_the_tracks_that_are_trained_on():
    seen = []

    def search(chosen):
        seen.append(chosen)
        return [near(data()[slice(None) if chosen is None else chosen])]

    one = task("contrastive_vae", search, neighbours=4)
    trained(one)
    trained(one, CHOSEN)
    assert seen[0] is None
    assert seen[1] is CHOSEN
    trained(task("vae", search))
    assert len(seen) == 2


def test_a_fusion_gets_the_units_of_the_tracks_that_are_trained_on(monkeypatch):
    seen = []
    monkeypatch.setattr(
        adaptive_fusion, "weights", lambda _, units: seen.append(list(units)) or [1]
    )
    one = replace(task("adaptive_fusion"), n_features=[12])
    trained(one, CHOSEN)
    assert seen == [one.units[:20]] * 2
    other = replace(one, seeds=[7], units=one.units[::-1])
    encoded_together([one, other])
    assert seen[2:] == [one.units, one.units, other.units]


def test_genres_are_shown_of_a_share_of_the_songs(caplog):
    caplog.set_level("INFO")
    one = task("semi_supervised_vae", labels=1.0)
    network, _ = trained(one, CHOSEN)
    assert "shown the genres of [14, 14] of 20 tracks, by seed" in caplog.text
    assert network.classifier.weight.shape[2] == described(one)["n_labels"] == 2


def test_a_task_without_genres_trains_without_labels(caplog):
    one = task("semi_supervised_vae")
    trained(replace(one, genres=[None] * 30, known_genres=[]))
    assert "no track has a genre: trained without labels" in caplog.text


@pytest.mark.parametrize("row", [{"condition": "genre"}, {"labels": 1.0}, {"neighbours": 4}])
def test_tasks_of_other_tracks_train_together_as_they_train_alone(row):
    kinds = {"condition": "vae", "labels": "semi_supervised_vae", "neighbours": "contrastive_vae"}

    def search(rows):
        return lambda chosen: [near(data()[rows])]

    one = task(kinds[next(iter(row))], **row)
    parts = [
        replace(
            one,
            seeds=[seed],
            ids=one.ids[rows],
            songs=one.songs[rows],
            units=one.units[rows],
            genres=one.genres[rows],
            x=one.x[:, rows],
            condition=one.condition[rows],
            groups=one.groups[rows],
            search=search(rows),
        )
        for seed, rows in ((5, slice(20)), (6, slice(10, 30)))
    ]
    together = encoded_together(parts)
    for number, part in enumerate(parts):
        alone = loop.encode(trained(part)[0], part.x, part.condition).latent[0]
        np.testing.assert_allclose(together[number], alone, atol=1e-4)


def test_labels_are_encoded_in_the_order_of_the_collections_classes():
    tracks = pd.DataFrame({"genre": ["b", None, "a"]})
    encoded, classes = one_hot_of("genre", tracks, pd.DataFrame({"genre": ["c", "a", "b", None]}))
    assert classes == ["a", "b", "c"]
    assert encoded.tolist() == [[0, 1, 0], [0, 0, 0], [1, 0, 0]]
    encoded, classes = one_hot_of("none", tracks, tracks)
    assert encoded.shape == (3, 0)
    assert classes == []

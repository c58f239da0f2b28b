"""A task trains on all of its tracks or on some, and describes its network."""

import numpy as np
import pytest
from samples import near
from teaching import data, settings

from hybridmusic.training import loop
from hybridmusic.training.tasks import Task, described, one_hot_of, trained

pytestmark = pytest.mark.numerical

CHOSEN = np.arange(30) < 20


def task(kind, search=None, **row):
    genres = ["g", "h", None] * 10
    condition, classes = one_hot_of(genres if row.get("condition") == "genre" else None, 30)
    chosen = settings(kind, **row)
    chosen.pop("n_labels", None)
    return Task(
        kind=kind,
        settings=chosen,
        seeds=[5, 6],
        ids=[f"t{n}" for n in range(30)],
        songs=[f"s{n // 2}" for n in range(30)],
        genres=genres,
        x=data()[np.newaxis],
        n_features=12,
        condition=condition,
        conditioned_on="genre" if classes else "none",
        classes=classes,
        groups=None,
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


def test_genres_are_shown_of_a_share_of_the_songs(caplog):
    caplog.set_level("INFO")
    one = task("semi_supervised_vae", labels=1.0)
    network, _ = trained(one, CHOSEN)
    assert "shown the genres of [14, 14] of 20 tracks, by seed" in caplog.text
    assert network.classifier.weight.shape[2] == described(one)["n_labels"] == 2


def test_a_task_without_genres_trains_without_labels(caplog):
    one = task("semi_supervised_vae")
    object.__setattr__(one, "genres", [None] * 30)
    trained(one)
    assert "no track has a genre: trained without labels" in caplog.text


@pytest.mark.parametrize("labels", [None, ["b", None, "a"]])
def test_labels_are_encoded_in_the_order_of_their_classes(labels):
    encoded, classes = one_hot_of(labels, 3)
    assert classes == ([] if labels is None else ["a", "b"])
    assert encoded.tolist() == ([[], [], []] if labels is None else [[0, 1], [0, 0], [1, 0]])

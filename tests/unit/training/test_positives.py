"""Partners are drawn from neighbours or songs."""

import numpy as np
import pytest
import torch
from samples import near
from teaching import data

from hybridmusic.errors import InputError
from hybridmusic.training.positives import positives

pytestmark = pytest.mark.numerical

SONGS = list("aabbbcdddd")


def drawn(kind, k=3, draws=4000):
    """How often each of ten tracks of SONGS gets each partner, (tracks, tracks), and neighbours."""
    others = near(data(10, 4)).nearest(k).indices
    pairs, draw = positives(kind, others, SONGS), torch.Generator().manual_seed(0)
    found = torch.stack([pairs.draw(draw) for _ in range(draws)]).numpy()
    share = np.array([np.bincount(column, minlength=10) for column in found.T]) / draws
    return share, np.eye(10)[others].sum(axis=1) / k


def test_partners_are_drawn_evenly_from_neighbours_or_the_song(caplog):
    songs = np.array(SONGS)
    same = (songs[:, None] == songs) & ~np.eye(10, dtype=bool)
    share, neighbour = drawn("neighbours")
    np.testing.assert_allclose(share, neighbour, atol=0.04)
    assert not caplog.text
    sibling = np.where(
        same.any(axis=1, keepdims=True), same / same.sum(axis=1, keepdims=True).clip(1), neighbour
    )
    np.testing.assert_allclose(drawn("song")[0], sibling, atol=0.04)
    assert "1 of 10 tracks are the only clip of their song: their positives are" in caplog.text
    np.testing.assert_allclose(drawn("both")[0], (sibling + neighbour) / 2, atol=0.04)


def test_a_single_track_has_no_partner():
    with pytest.raises(InputError, match="at least two tracks"):
        positives("neighbours", near(np.zeros((1, 3))).nearest(2).indices, ["song"])

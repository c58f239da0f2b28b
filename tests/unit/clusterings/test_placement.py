"""New tracks get vectors in the spaces of a run."""

from functools import partial
from itertools import chain

import numpy as np
import pandas as pd
import pytest

from hybridmusic import kinds
from hybridmusic.blocks import descriptors, mfcc, sentence
from hybridmusic.clusterings import placement
from hybridmusic.errors import InputError
from hybridmusic.spaces import scaling
from hybridmusic.text import sentences
from hybridmusic.training import labels, loop
from hybridmusic.transforms import concatenate, pca, pool_songs, quantile_normal, standardise


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def settings_of(module, **needed):
    name = module.__name__.split(".")[-1]
    return kinds.settings("transforms", name, {}) | needed


@pytest.mark.numerical
@pytest.mark.parametrize("module", [pca, standardise, quantile_normal, pool_songs])
def test_transforms_place_the_runs_own_tracks_where_they_are(module):
    x = normal(40, 6) @ normal(6, 6, seed=1)
    columns = {"song": np.repeat(list("abcdefgh"), 5), "language": np.repeat(["x", "y"], 20)}
    columns = {name: columns[name] for name in getattr(module, "NEEDS", ())}
    made = module.transform(x, 0, **settings_of(module, **columns))
    pairs = {name: (column, column) for name, column in columns.items()}
    placed = module.place(x, x, **settings_of(module, **pairs))
    np.testing.assert_allclose(placed, made, atol=1e-5)


def test_new_tracks_do_not_change_where_others_of_them_go():
    old, new = normal(40, 6), normal(5, 6, seed=1) * 9
    for place in (partial(pca.place, old, variance=0.9), partial(scaling.standardise, like=old)):
        np.testing.assert_allclose(place(new)[:1], place(new[:1]), atol=1e-5)


def test_blocks_place_their_own_tracks_where_they_are():
    features = pd.DataFrame({"id": list("abcdef"), "mfcc": list(normal(6, 52))})
    settings = kinds.settings("blocks", "mfcc", {})
    tables = {"features": features}
    np.testing.assert_array_equal(
        mfcc.place(tables, tables, **settings), mfcc.block(features, **settings)[1]
    )
    half = features["mfcc"].map(lambda values: np.where(np.arange(52) % 4 > 1, np.nan, values))
    with pytest.raises(InputError, match="the run uses the mean, std, min, max of the MFCCs"):
        mfcc.place(tables, {"features": features.assign(mfcc=half)}, **settings)
    poor = {"features": features.assign(mfcc=half)}
    assert mfcc.place(poor, tables, **settings).shape == (6, 26)

    said = pd.DataFrame({"id": list("abc"), "sentence": list("xyx")})
    known = {
        "sentences": said,
        "embeddings": pd.DataFrame({"sentence": ["x", "y"], "vector": [[0.0, 1], [2, 5]]}),
    }
    new = {
        "sentences": pd.DataFrame({"id": ["n"], "sentence": ["z"]}),
        "embeddings": pd.DataFrame({"sentence": ["z"], "vector": [[2.0, 1]]}),
    }
    np.testing.assert_array_equal(sentence.place(known, known), sentence.block(**known)[1])
    expected = scaling.standardise(np.array([[2.0, 1]]), np.array([[0.0, 1], [2, 5], [0, 1]]))
    np.testing.assert_array_equal(sentence.place(known, new), expected)


def test_descriptors_are_scaled_and_weighed_as_those_of_the_run():
    names = list(chain(*kinds.load("descriptors", "rich").GROUPS.values()))
    table = pd.DataFrame(normal(30, len(names)), columns=names)
    table.insert(0, "id", [str(n) for n in range(30)])
    old = {"descriptors": {"rich": table}}
    for scale in ("standardise", "quantile_normal"):
        made = descriptors.block(**old, scale=scale)[1]
        np.testing.assert_array_equal(descriptors.place(old, old, scale=scale), made)
        # One by one they go where they do together, and no column's place decides.
        one = {"descriptors": {"rich": table[["id", *reversed(names)]].iloc[4:5]}}
        np.testing.assert_array_equal(descriptors.place(old, one, scale=scale), made[4:5])
    lacking = {"descriptors": {"rich": table.drop(columns=names[0])}}
    with pytest.raises(InputError, match="some of the new tracks lack descriptors"):
        descriptors.place(old, lacking, scale="standardise")


def test_blocks_side_by_side():
    new = [np.ones((2, 3)), np.zeros((2, 1))]
    old = [np.ones((9, 3)), np.ones((9, 1))]
    assert concatenate.place(old, new, weights="none").tolist() == [[1, 1, 1, 0]] * 2


def test_words_of_new_tracks_are_by_the_tertiles_of_the_corpus():
    corpus = pd.DataFrame({name: np.arange(100.0) for name in sentences.DESCRIPTORS})
    new = pd.DataFrame({name: [1.0, 50, 99] for name in sentences.DESCRIPTORS})
    assert sentences.levels(new, "corpus", corpus)["energy"].tolist() == [0, 1, 2]
    assert sentences.levels(new[1:], "corpus", corpus)["rhythm"].tolist() == [1, 2]


def test_between_known_tracks_by_hand():
    old, space = np.array([[0.0], [1.0]]), np.array([[0.0, 0], [8, 4]])
    placed = placement.between(old, np.array([[0.25], [1.0], [3]]), space)
    np.testing.assert_allclose(placed, [[2, 1], [8, 4], [4.8, 2.4]], atol=1e-6)


def test_a_block_is_placed_by_its_kind_from_the_tables_that_it_reads():
    features = pd.DataFrame({"id": list("abcdef"), "mfcc": list(normal(6, 52))})
    tables = {"features": features, "descriptors": {}}
    settings = kinds.settings("blocks", "mfcc", {})
    placed = placement.in_block({"kind": "mfcc", "settings": settings}, tables, tables)
    np.testing.assert_array_equal(placed, mfcc.block(features, **settings)[1])
    assert placement.in_block({"kind": "external", "settings": {}}, {}, {}) is None


def test_a_transform_is_placed_with_its_labels_or_else_between_its_nearest():
    old, new, space = normal(20, 3), normal(4, 3, seed=1), normal(20, 2, seed=2)
    tracks = [pd.DataFrame({"language": ["x", "y"] * (len(x) // 2)}) for x in (old, new)]
    step = {"kind": "standardise", "settings": {"by": "language"}}
    found = placement.in_transform(step, [old], [new], space, tracks)
    np.testing.assert_array_equal(found[::2], scaling.standardise(new[::2], old[::2]))
    found = placement.in_transform({"kind": "umap", "settings": {}}, [old], [new], space, tracks)
    np.testing.assert_array_equal(found, placement.between(old, new, space))
    sides = [old, old], [new, new]
    step = {"kind": "concatenate", "settings": {"weights": "none"}}
    found = placement.in_transform(step, *sides, space, tracks)
    np.testing.assert_array_equal(found, np.hstack([new, new]))


def test_a_network_places_tracks_by_its_first_seed_and_their_labels():
    settings = kinds.settings("networks", "vae", {"hidden": [8], "latent": 2})
    network = loop.build("vae", 5, 2, [3, 4], settings)
    described = {"kind": "vae", "features": 5, "classes": ["p", "q"], "seeds": [3, 4]}
    described |= settings | {"conditioned_on": "genre"}
    x, genres = normal(3, 5), ["q", None, "p"]
    tracks = pd.DataFrame({"genre": genres})
    found = placement.in_network(described, network.state_dict(), x, tracks)
    encoded = loop.encode(network, x, labels.one_hot(genres, ["p", "q"]))
    np.testing.assert_array_equal(found, encoded.latent[0])

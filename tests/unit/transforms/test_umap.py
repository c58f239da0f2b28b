"""UMAP against umap-learn."""

import numpy as np
import pytest
from samples import near
from sklearn.datasets import make_blobs
from sklearn.metrics import silhouette_score

from hybridmusic import kinds
from hybridmusic.errors import InputError
from hybridmusic.transforms import umap

pytestmark = pytest.mark.numerical


@pytest.mark.filterwarnings("ignore:precomputed_knn")
def test_umap_is_umap_learns_and_seeded():
    settings = kinds.settings("transforms", "umap", {"neighbours": 5})
    x = np.random.default_rng(0).normal(size=(60, 8)).astype(np.float32)
    found = umap.transform(x, 3, graph=near(x), **settings)
    # Distances that it computes itself are rounded otherwise, which the layout magnifies: so their
    # graphs are compared, and the layout of one graph.
    own, given = made_by(x, 5), made_by(x, 5, near(x).nearest(4))
    np.testing.assert_allclose(given.graph_.toarray(), own.graph_.toarray(), atol=1e-4)
    np.testing.assert_array_equal(found, given.embedding_)
    assert not np.array_equal(found, umap.transform(x, 4, graph=near(x), **settings))


def test_umap_of_parts_that_nothing_connects_is_seeded_too():
    # Eight songs far apart in many dimensions: umap-learn's own start is another at every call.
    random = np.random.default_rng(0)
    song = np.repeat(np.arange(8), 30)
    x = 9 * random.normal(size=(8, 100))[song] + random.normal(size=(240, 100))
    settings = kinds.settings("transforms", "umap", {})
    for seed in range(3):
        first, again = (umap.transform(x, seed, graph=near(x), **settings) for _ in range(2))
        np.testing.assert_array_equal(first, again)
    assert silhouette_score(first, song) > 0.8


def made_by(x, neighbours, graph=None):
    """umap-learn's own, with neighbours that it finds or that a graph has."""
    from umap import UMAP

    knn = (None, None, None)
    if graph:
        rows = np.arange(len(x), dtype=np.int32)[:, None]
        knn = (
            np.hstack([rows, graph.indices]),
            np.hstack([np.zeros((len(x), 1), np.float32), graph.distances]),
        )
    return UMAP(
        n_neighbors=neighbours, min_dist=0.1, random_state=3, n_jobs=1, precomputed_knn=knn
    ).fit(x)


def test_a_balanced_graph_draws_languages_together():
    group = np.repeat([0, 1, 2], 60)
    settings = kinds.settings("transforms", "umap", {"balance": "language"})
    silhouettes = {"plain": [], "balanced": []}
    for seed in range(4):
        x = np.random.default_rng(seed).normal(size=(180, 6)).astype(np.float32)
        x[:, 0] += 2 * group
        for name, graph in {"plain": near(x), "balanced": near(x, groups=group)}.items():
            layout = umap.transform(x, seed, graph=graph, **settings)
            silhouettes[name].append(silhouette_score(layout, group))
    # One of 6 seeds gives a ratio of 0.62 ± 0.05, so the mean of four deviates by 0.03.
    assert np.mean(silhouettes["balanced"]) < 0.8 * np.mean(silhouettes["plain"])


def test_more_neighbours_than_tracks_are_reported_in_the_log(caplog):
    x, _ = make_blobs(n_samples=12, n_features=5, random_state=0)
    most, found = (
        umap.transform(x, 0, graph=near(x), **kinds.settings("transforms", "umap", row))
        for row in ({"neighbours": 11}, {"neighbours": 15})
    )
    np.testing.assert_array_equal(found, most)
    message = "neighbours = 15 exceeds the 11 other tracks; using 11"
    assert [record.getMessage() for record in caplog.records] == [message]


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (
            lambda x: umap.transform(
                x, 0, graph=near(x), **kinds.settings("transforms", "umap", {"dimensions": 3})
            ),
            r"^a UMAP of 3 dimensions needs at least 5 tracks, and there are 4$",
        ),
        (
            lambda x: umap.transform(
                x,
                0,
                graph=near(x, groups="abcd"),
                **kinds.settings("transforms", "umap", {"balance": "language"}),
            ),
            r"^a UMAP needs neighbours, and each track is alone in its language$",
        ),
    ],
)
def test_too_few_tracks_are_reported(made, message):
    with pytest.raises(InputError, match=message):
        made(np.eye(4, 6))

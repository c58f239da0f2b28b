"""Song level: pooled spaces are clustered and scored with one row for each song."""

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml
from project import REPOSITORY, merged
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import cdist
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score, silhouette_score

from adapters.clusterings import cluster_space
from adapters.scores import measure_spaces, score_clusterings
from adapters.spaces import find_neighbours, transform_space
from hybridmusic import kinds
from hybridmusic.errors import InputError
from hybridmusic.plan import spaces as plan
from hybridmusic.terms import CLIP, SONG
from hybridmusic.tracks import songs
from hybridmusic.transforms import pool_songs
from shared import graphs, job

PAPER = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text())
SONGS = np.repeat([f"song {n}" for n in (4, 2, 7, 1, 0, 3, 6, 5)], [1, 5, 2, 9, 3, 4, 2, 6])


@pytest.mark.parametrize(
    ("row", "level"),
    [
        ({"kind": "pool_songs", "of": "audio"}, SONG),
        ({"kind": "pca", "of": "audio"}, CLIP),
        ({"kind": "pca", "of": "pooled"}, SONG),
        ({"kind": "vae", "of": "pooled"}, SONG),
        ({"kind": "concatenate", "of": ["pooled", "pooled"]}, SONG),
        # Clips of a song differ in one of the parts.
        ({"kind": "concatenate", "of": ["pooled", "text"]}, CLIP),
        ({"kind": "mfcc"}, CLIP),
    ],
)
def test_the_level_follows_from_the_ancestors_of_a_space(row, level):
    spaces = {"pooled": {"kind": "pool_songs", "of": "audio"}, "mine": row}
    whole = merged(PAPER, {"spaces": spaces})
    assert plan.level(whole, "mine") == level
    label = plan.label(whole, {"label": "Mine", "space": "mine"})
    assert label == ("Mine (song level)" if level == SONG else "Mine")


def test_units_are_clips_or_songs_by_their_first_clip():
    rows, number = songs.units(list("bbacab"), CLIP)
    assert rows.tolist() == number.tolist() == [0, 1, 2, 3, 4, 5]
    rows, number = songs.units(list("bbacab"), SONG)
    assert rows.tolist() == [0, 2, 3]
    assert number.tolist() == [0, 0, 1, 2, 1, 0]
    assert np.array(list("bbacab"))[rows][number].tolist() == list("bbacab")


def test_clusterings_are_scored_at_the_level_of_each():
    ids, song = list("abc"), pd.Series(["one", "one", "two"], index=list("abc"))
    table = pd.DataFrame({"id": ids, "cluster": [0, 0, 1]})
    scored = songs.all_scored({"clips": table, "songs": table}, song, [CLIP, SONG])
    assert {name: list(rows["id"]) for name, rows in scored.items()} == {
        "clips": ["a", "b", "c"],
        "songs": ["a", "c"],
    }


class Collection:
    """Clips of songs and a pooled space, on disk as in a run."""

    def __init__(self, folder, song=SONGS):
        self.folder, self.n = folder, len(song)
        random = np.random.default_rng(0)
        self.ids = [f"t{n}" for n in range(self.n)]
        genre = {name: "abc"[number % 3] for number, name in enumerate(np.unique(song))}
        self.tracks = pd.DataFrame(
            {
                "id": self.ids,
                "song": song,
                "unit": song,
                "language": "x",
                "genre": [genre[s] for s in song],
            }
        )
        self.tracks.sample(frac=1, random_state=0).to_parquet(folder / "catalogue.parquet")
        self.clips = random.normal(size=(self.n, 3)).astype(np.float32)
        pooled = pool_songs.transform(self.clips, 0, song=song, statistics=["mean", "std"])
        self.space("hybrid", self.clips)
        self.space("pooled", pooled)
        self.first = self.tracks.drop_duplicates("song").index.to_numpy()
        self.pooled = pooled

    def space(self, name, x):
        job.write_space(self.ids, {1: x}, self.folder / f"{name}.parquet")

    def run(self, main, level, graph=(), **given):
        """Run an adapter on the pooled space at a level."""
        params = {
            "method": "m",
            "clusterer": "ward",
            "settings": '{"neighbours": 15, "exact_up_to": 10000}',
            "k": [3],
            "seeds": [1],
        }
        params |= {"level": level, "levels": [level], "methods": ["m"]}
        params |= {"clusterers": ["ward"], "space_names": ["pooled", "hybrid"]}
        params |= {
            "spaces": ["pooled"],
            "spaces_of": ["pooled"],
            "reference": "hybrid",
            "seed": 1,
            "exact_up_to": 100,
        }
        params |= given
        paths = {"space": "pooled", "clustering": "clustering"}
        paths |= {"scores": "scores", "measures": "measures", "catalogue": "catalogue"}
        paths |= {"neighbours": "neighbours"}
        paths = {name: self.folder / f"{file}.parquet" for name, file in paths.items()}
        spaces = [self.folder / f"{name}.parquet" for name in params["space_names"]]
        inputs = {"clusterings": [paths["clustering"]], "spaces": spaces, "graph": graph}
        if main is cluster_space.main:
            paths |= {"choice": []}
        fields = SimpleNamespace(**paths | inputs, get=(paths | inputs).get)
        output = SimpleNamespace(**paths | {"space": self.folder / "made.parquet"})
        main(SimpleNamespace(params=SimpleNamespace(**params), input=fields, output=output))

    def read(self, name):
        return pd.read_parquet(self.folder / f"{name}.parquet")


def test_songs_are_clustered_once_and_all_their_clips_follow(tmp_path):
    collection = Collection(tmp_path)
    collection.run(cluster_space.main, SONG)
    result = collection.read("clustering")
    assert result["id"].to_list() == collection.ids
    # SciPy's Ward on one row per song; a song with many clips has no more weight.
    rows = collection.pooled[collection.first].astype(float)
    expected = fcluster(linkage(rows, "ward"), 3, "maxclust")
    clusters = result["cluster"].to_numpy()
    assert adjusted_rand_score(clusters[collection.first], expected) == 1
    assert (pd.Series(clusters).groupby(SONGS).nunique() == 1).all()
    collection.run(cluster_space.main, CLIP)
    assert (collection.read("clustering")["cluster"] != clusters).any()


def test_scores_count_each_song_once(tmp_path):
    collection = Collection(tmp_path)
    collection.run(cluster_space.main, SONG)
    collection.run(score_clusterings.main, SONG)
    scores = collection.read("scores").set_index(["metric", "measured_in"])["value"]
    clusters = collection.read("clustering")["cluster"].to_numpy()[collection.first]
    genres = collection.tracks["genre"].to_numpy()[collection.first]
    nmi = normalized_mutual_info_score(genres, clusters)
    assert scores["nmi", "genre"] == pytest.approx(nmi)
    for name, x in {"pooled": collection.pooled, "hybrid": collection.clips}.items():
        expected = silhouette_score(x[collection.first], clusters)
        assert scores["silhouette", name] == pytest.approx(expected, abs=1e-6)
    collection.run(score_clusterings.main, CLIP)
    clips = collection.read("scores").set_index(["metric", "measured_in"])["value"]
    assert clips["nmi", "genre"] != pytest.approx(nmi)


def test_with_one_clip_for_each_song_both_levels_are_the_same(tmp_path):
    collection = Collection(tmp_path, np.array([f"s{n}" for n in range(20)]))
    made = []
    for level in (CLIP, SONG):
        for main in (cluster_space.main, score_clusterings.main, measure_spaces.main):
            collection.run(main, level, **ONE if main is measure_spaces.main else {})
        files = ("clustering", "scores", "measures")
        made.append([(tmp_path / f"{name}.parquet").read_bytes() for name in files])
    assert made[0] == made[1]


ONE = {"space_names": ["pooled"]}


def test_a_pooled_space_has_not_collapsed(tmp_path):
    collection = Collection(tmp_path)
    collection.run(measure_spaces.main, SONG, **ONE)
    measures = collection.read("measures").set_index("metric")["value"]
    assert measures["distinct_share"] == 1
    collection.run(measure_spaces.main, CLIP, **ONE)
    measures = collection.read("measures").set_index("metric")["value"]
    assert measures["distinct_share"] == pytest.approx(8 / len(SONGS))


def test_a_transform_of_songs_weighs_each_of_them_once(tmp_path):
    collection = Collection(tmp_path)
    settings = {"kind": "standardise", "settings": '{"by": "none"}', "space_names": ["pooled"]}
    collection.run(transform_space.main, SONG, **settings)
    _, members = job.read_space(tmp_path / "made.parquet")
    made = members[1]
    np.testing.assert_allclose(made[collection.first].mean(axis=0), 0, atol=1e-6)
    assert np.abs(made.mean(axis=0)).max() > 0.01
    np.testing.assert_array_equal(made, made[collection.first][pd.factorize(SONGS)[0]])


def test_neighbours_of_songs_are_songs(tmp_path):
    collection = Collection(tmp_path)
    wanted = {"metric": "euclidean", "balance": "none", "neighbours": 3}
    collection.run(find_neighbours.main, SONG, **wanted)
    result = graphs.read(tmp_path / "neighbours.parquet")[1]
    x = collection.pooled[collection.first].astype(float)
    order = np.argsort(cdist(x, x), axis=1, kind="stable")
    np.testing.assert_array_equal(result.indices, order[:, 1:4])
    # Results do not depend on whether the graph is a file or found by the job.
    spectral = {
        "clusterer": "spectral",
        "settings": '{"neighbours": 4, "exact_up_to": 100}',
        "k": [2],
    }
    embed = {"kind": "umap", "settings": json.dumps(kinds.settings("transforms", "umap", NEAR))}
    made = []
    for graph in ((), tmp_path / "neighbours.parquet"):
        collection.run(cluster_space.main, SONG, graph, **spectral)
        collection.run(transform_space.main, SONG, graph, **embed, **ONE)
        made.append([(tmp_path / f"{n}.parquet").read_bytes() for n in ("clustering", "made")])
    assert made[0] == made[1]
    made = job.read_space(tmp_path / "made.parquet")[1][1]
    np.testing.assert_array_equal(made, made[collection.first][pd.factorize(SONGS)[0]])


NEAR = {"neighbours": 3}


def test_a_song_level_clustering_needs_as_many_songs(tmp_path):
    collection = Collection(tmp_path)
    with pytest.raises(InputError, match="k = 9 clusters of only 8 songs"):
        collection.run(cluster_space.main, SONG, k=[9])
    collection.run(cluster_space.main, CLIP, k=[9])

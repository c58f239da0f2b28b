"""Table 1: what is known of each track that has features."""

import pandas as pd

from hybridmusic.tables.tracks import table


def test_table1_has_a_row_for_each_track_with_features():
    ids = ["a", "b", "c"]
    catalogue = pd.DataFrame({"id": ids, "title": ids, "song": ids, "file_path": ids})
    catalogue = catalogue.assign(language="x", genre=["rock", None, "pop"], artist=None)
    features = pd.DataFrame({"id": ["c", "b"], "mfcc": [[1.0], [2.0]]})
    sentences = pd.DataFrame({"id": ["c", "b"], "sentence": ["fast", "slow"]})
    embeddings = pd.DataFrame({"sentence": ["slow", "fast"], "vector": [[0.0], [1.0]]})
    clustering = pd.DataFrame(
        {"id": ["b", "c"] * 3, "k": [2, 2, 2, 2, 3, 3], "seed": [5, 5, 6, 6, 5, 5]}
    ).assign(cluster=range(6))
    free = pd.DataFrame({"id": ["c"], "k": [None], "seed": [5], "cluster": [-1]})
    found = table(
        *(catalogue, features, sentences, embeddings),
        {"kmeans": clustering.astype({"k": "Int64"}), "free": free.astype({"k": "Int64"})},
        k=2,
    )
    assert found["id"].to_list() == ["c", "b"]
    assert found["audio_features"].to_list() == [[1.0], [2.0]]
    assert found["audio_description"].to_list() == ["fast", "slow"]
    assert found["text_embeddings"].to_list() == [[1.0], [0.0]]
    assert found["genre_encoded"].to_list() == [0, pd.NA]
    assert found["cluster_kmeans"].to_list() == [1, 0]  # of the first seed
    assert found["cluster_free"].to_list() == [-1, pd.NA]

"""The paper's Table 1: everything known of each track."""

from __future__ import annotations

import pandas as pd

from hybridmusic.clusterings.table import member


def table(
    catalogue: pd.DataFrame,
    features: pd.DataFrame,
    sentences: pd.DataFrame,
    embeddings: pd.DataFrame,
    clusterings: dict[str, pd.DataFrame],
    k: int,
) -> pd.DataFrame:
    """Assemble Table 1, one row for each track that has features.

    Frames are of these kinds in the table schemas, clusterings by name of the method; `features`
    and `sentences` are in the same order. A column `cluster_<method>` has the first seed's
    clusters, for `k` where a method takes it.
    """
    tracks = catalogue.set_index("id").loc[features["id"]].reset_index()
    vectors = embeddings.set_index("sentence")["vector"]
    genres = sorted(tracks["genre"].dropna().unique())
    code = tracks["genre"].map({genre: number for number, genre in enumerate(genres)})
    known = ("id", "title", "language", "genre", "song", "artist")
    columns = {name: tracks[name] for name in known}
    columns |= {
        "file_path": tracks["file_path"],
        "audio_features": features["mfcc"].to_list(),
        "audio_description": sentences["sentence"].to_list(),
        "text_embeddings": vectors.loc[sentences["sentence"]].to_list(),
        "genre_encoded": code.astype("Int64"),
    }
    for method, clustering in clusterings.items():
        clusters = member(clustering, k).reindex(tracks["id"])
        columns[f"cluster_{method}"] = clusters.astype("Int64").array
    return pd.DataFrame(columns)

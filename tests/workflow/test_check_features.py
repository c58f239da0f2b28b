"""Features of a collection are compared with librosa's by a target of their own."""

import json

import pandas as pd
import pytest
from samples import kaggle_table

pytestmark = pytest.mark.usefixtures("librosa_alone")


def verdicts(project) -> dict[str, list[str]]:
    return json.loads((project.results / "tables/check_features.json").read_text())


def test_twenty_clips_of_the_collection_are_described_by_librosa_too(project):
    assert "check_features" not in project.planned()
    project.succeed("check_features")
    compared = pd.read_csv(project.results / "tables/check_features.csv")
    assert len(compared) == 52 + 10
    # Rounding decides between two tempi of a clip once in a hundred times.
    others = compared[compared["feature"] != "tempo"]
    assert others["deviation"].max() < 1e-3
    assert "20 of 24 clips" in (project.results / "tables/check_features.md").read_text()
    assert "All features of 20 random clips" in verdicts(project)["Checks"][0]

    path = project.results / "features.parquet"
    features = pd.read_parquet(path)
    clip = compared.loc[compared["feature"] == "brightness", "clip"].item()
    features.loc[features["id"] == clip, "brightness"] *= 1.01
    features.to_parquet(path)
    project.succeed("check_features")
    [sentence] = verdicts(project)["Caveats"]
    assert sentence.startswith(
        "More than a thousandth from librosa's: brightness (by up to 1.0e-02"
    )
    row = pd.read_csv(project.results / "tables/check_features.csv").set_index("feature")
    assert row.loc["brightness", "clip"] == clip


def test_a_feature_table_has_no_sound_to_compare(project):
    kaggle_table().to_csv(project.folder / "table.csv", index=False)
    source = {"name": "table", "path": "table.csv", "song": "file"}
    project.write_config(sources=[source])
    done = project.snakemake("check_features")
    assert done.returncode != 0
    assert "no source of the run has sound" in done.stdout + done.stderr
    assert not project.results.exists()

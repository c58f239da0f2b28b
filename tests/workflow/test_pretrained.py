"""Spaces of pretrained audio models: downloaded once, and each clip embedded once."""

import re

import numpy as np
import pandas as pd
import pytest
from samples import RATE, audio_model, tone
from soundfile import write

from hybridmusic.sound import decoding
from hybridmusic.sound.pretrained import Listener
from hybridmusic.spaces.scaling import standardise


@pytest.mark.long
def test_a_run_embeds_its_clips_once(project, tmp_path):
    speech = audio_model(tmp_path / "speech")
    heard = {"kind": "pretrained", "model": speech, "layer": 1}
    project.write_config(balance=False, spaces={"heard": heard})
    project.succeed("results/tiny/spaces/heard.parquet")
    space = pd.read_parquet(project.results / "spaces/heard.parquet")
    assert len(space) == 24
    music = project.folder / "music"
    clip = decoding.load_clip(music / "english/blues/1.wav", 0.0, 2.0, 1.0, 16_000)
    parts = [pd.read_parquet(project.results / f"pretrained/heard/{n}.parquet") for n in (0, 1)]
    vectors = pd.concat(parts).set_index("id")["vector"]
    expected = Listener(speech).embed([clip], 1)[0]
    np.testing.assert_allclose(vectors["en/blues/1.wav"], expected, rtol=1e-3, atol=1e-4)
    scaled = standardise(np.stack(vectors[space["id"]]))
    np.testing.assert_allclose(np.stack(space["vector"]), scaled, atol=1e-5)

    write(music / "english/blues/new.wav", tone(1000), RATE)
    project.succeed("results/tiny/spaces/heard.parquet")
    logs = (project.results / "logs").glob("embed_clips_heard_*.log")
    counts = [
        re.search(r"(\d+) of \d+ clips in the cache, (\d+) emb", log.read_text()) for log in logs
    ]
    assert [sum(map(int, n)) for n in zip(*(c.groups() for c in counts), strict=True)] == [24, 1]


def test_a_model_on_the_hub_is_fetched_before_clips_are_embedded(project):
    heard = {"kind": "pretrained", "model": "somebody/mini@main"}
    method = {"name": "heard", "label": "Heard", "task": "Extra"}
    method |= {"space": "heard", "clusterer": "kmeans"}
    project.write_config(spaces={"heard": heard, "again": heard}, methods=[method])
    said = project.succeed("--dry-run", "results/tiny/spaces/heard.parquet", "downloads")
    assert {"fetch_audio_model", "embed_clips"} <= project.planned(
        "results/tiny/spaces/heard.parquet"
    )
    assert "resources/audio_models/somebody--mini@main.json" in said
    assert project.planned("downloads") == {"downloads", "fetch_audio_model"}

"""Benchmarks report a known clock correctly, and compare computations of one result."""

import json

import numpy as np
import pytest
import soundfile
from project import REPOSITORY
from samples import RATE, tone

import features
import timing
import training
from hybridmusic import kinds
from hybridmusic.training.loop import build


def test_ways_take_turns_after_a_warm_up():
    now, done = [0.0], []

    def way(name, seconds):
        def work():
            done.append(name)
            now[0] += seconds

        return work

    ways = {"slow": way("slow", 6.0), "fast": way("fast", 2.0)}
    seconds = timing.alternate(ways, rounds=3, clock=lambda: now[0])
    assert done == ["slow", "fast"] * 4
    assert seconds == {"slow": [6, 6, 6], "fast": [2, 2, 2]}


def test_ratios_are_of_neighbouring_rounds():
    ratios = timing.ratios([6.0, 8.0, 3.0, 9.0], [2.0, 2.0, 3.0, 1.0])
    assert ratios == [3, 4, 1, 9]
    expected = {"measure": "x", "minimum": 1, "median": 3.5, "maximum": 9}
    assert timing.row("x", iter(ratios)) == expected
    with pytest.raises(ValueError, match="shorter"):
        timing.ratios([1.0, 2.0], [1.0])


def test_a_report_is_printed_and_saved(tmp_path, capsys):
    rows = [timing.row("ratio", np.float32([1.0, 2.0, 4.0]))]
    timing.report(rows, tmp_path / "new" / "x.json")
    assert json.loads((tmp_path / "new" / "x.json").read_text()) == rows
    head, rule, line = capsys.readouterr().out.splitlines()
    assert head == "| measure | minimum | median | maximum |"
    assert rule == "| --- | ---: | ---: | ---: |"
    assert line == "| ratio | 1.00 | 2.00 | 4.00 |"


@pytest.mark.usefixtures("librosa_alone")
def test_computations_that_are_compared_have_the_same_result(tmp_path):
    path = tmp_path / "clip.wav"
    soundfile.write(path, tone(3, 3.0), RATE)
    expected = features.call_by_call(path)
    for way in (features.one_spectrogram, features.ours):
        described = way(path)
        assert set(described) == set(expected)
        for name, value in expected.items():
            np.testing.assert_allclose(described[name], value, rtol=1e-3, atol=1e-3, err_msg=name)


def test_a_job_that_is_timed_describes_its_clips(tmp_path, monkeypatch):
    monkeypatch.setattr(features, "PROGRAM", features.__file__, raising=False)
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY / "workflow" / "scripts"))
    path = tmp_path / "clip.wav"
    soundfile.write(path, tone(3, 3.0), RATE)
    [used] = features.run([path], [2], tmp_path)
    assert set(used) == {"seconds", "cpu", "megabytes"}
    assert min(used.values()) > 0


def test_networks_of_a_benchmark_are_those_of_the_workflow():
    x = training.songs(40)
    assert x.mean(axis=0) == pytest.approx(0, abs=1e-5)
    for kind, plain in training.PLAIN.items():
        settings = kinds.settings("networks", kind, {"latent": 16, **training.OWN[kind]})
        ours = build(kind, training.FEATURES, 0, [0], settings)
        sizes = [sum(p.numel() for p in network.parameters()) for network in (ours, plain())]
        assert sizes[0] == sizes[1]
        assert training.together(kind, x, [0, 1], epochs=1).shape == (2,)

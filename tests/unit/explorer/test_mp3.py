"""Clips as MP3 within a limit of size."""

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from samples import RATE, tone

from hybridmusic.explorer import mp3


@given(
    st.integers(0, 100_000),
    st.floats(0.05, 600),
    st.sampled_from(mp3.BITRATES),
    st.floats(0.01, 1000),
)
def test_a_plan_fits_every_request(tracks, seconds, bitrate, megabytes):
    plan = mp3.plan(tracks, seconds, bitrate, megabytes)
    assert plan.bitrate <= bitrate
    assert plan.seconds <= seconds
    total = min(plan.clips, tracks) * mp3.size(plan.bitrate, plan.seconds)
    assert total <= megabytes * 1e6 * (1 + 1e-9)


def test_a_plan_gives_up_bitrate_then_length_then_clips():
    assert mp3.plan(400, 3, 64, 30) == (64, 3, 400)
    assert mp3.plan(2000, 3, 64, 30) == (32, 3, 2000)
    shorter = mp3.plan(4000, 3, 64, 30)
    assert (shorter.bitrate, shorter.clips) == (24, 4000)
    assert 2 < shorter.seconds < 3
    fewer = mp3.plan(20_000, 3, 64, 30)
    assert (fewer.bitrate, fewer.seconds) == (24, 2)
    assert 4000 < fewer.clips < 5000
    np.testing.assert_array_equal(np.flatnonzero(mp3.chosen(10, 4)), [0, 2, 5, 7])
    assert mp3.chosen(3, 10).all()
    assert not mp3.chosen(3, 0).any()


@pytest.mark.parametrize("bitrate", mp3.BITRATES)
@pytest.mark.parametrize("seconds", [0.5, 3.0])
def test_a_clip_sounds_as_it_did_and_takes_what_was_planned(tmp_path, bitrate, seconds):
    clip = tmp_path / "clip.mp3"
    t = np.arange(4 * RATE) / RATE
    mp3.encode((0.5 * np.sin(2 * np.pi * 440 * t)).astype(np.float32), clip, bitrate, seconds)
    assert clip.stat().st_size <= mp3.size(bitrate, seconds)
    assert soundfile.info(clip).format == "MP3"
    y, rate = soundfile.read(clip)
    assert (rate, y.ndim) == (RATE, 1)
    assert len(y) / rate == pytest.approx(seconds, abs=0.1)
    spectrum = np.abs(np.fft.rfft(y))
    assert spectrum.argmax() * rate / len(y) == pytest.approx(440, abs=3)
    assert np.abs(y).max() == pytest.approx(0.5, abs=0.1)


def test_what_is_beyond_full_scale_is_made_quieter_and_equal_clips_are_equal_files(tmp_path):
    loud = tone(0) * 1000
    for name in ("a.mp3", "b.mp3"):
        mp3.encode(loud.copy(), tmp_path / name, 64, 2.0)
    assert (tmp_path / "a.mp3").read_bytes() == (tmp_path / "b.mp3").read_bytes()
    assert np.abs(soundfile.read(tmp_path / "a.mp3")[0]).max() < 1.1

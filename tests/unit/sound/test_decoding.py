"""Any bytes decode to a good clip or to a reason, within limits of time and memory."""

import io
import struct
import sys
import tempfile
from pathlib import Path

import misbehaving
import numpy as np
import pytest
import soundfile
from encoding import encode
from hypothesis import example, given, settings
from hypothesis import strategies as st
from samples import RATE, tone

from hybridmusic.errors import ClipError
from hybridmusic.sound import decoding


def guarded(*words, seconds=30.0, megabytes=256):
    results = decoding.guarded(misbehaving.decode, [(w,) for w in words], seconds, megabytes)
    return [str(each) if isinstance(each, ClipError) else each for each in results]


def test_a_clip_that_misbehaves_is_rejected_and_its_neighbours_are_decoded():
    results = guarded("a", "crash", "b", "hang", "c", "reject", "d", "crash", "e", seconds=2)
    assert results == [
        "a",
        "crashes its decoder (SIGSEGV)",
        "b",
        "takes longer than 2 s to decode (audio.decode_seconds)",
        "c",
        "is no good",
        "d",
        "crashes its decoder (SIGSEGV)",
        "e",
    ]


def test_results_follow_the_order_of_calls():
    words = [str(n) for n in range(3 * decoding.TOGETHER + 1)]
    words[decoding.TOGETHER + 2] = "crash"
    expected = [w.replace("crash", "crashes its decoder (SIGSEGV)") for w in words]
    assert guarded(*words) == expected
    assert guarded(*words[: decoding.TOGETHER]) == words[: decoding.TOGETHER]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits an address space")
def test_a_clip_that_takes_all_memory_is_rejected_and_its_neighbours_are_decoded():
    reason = "needs more than 256 MB to decode (audio.decode_megabytes)"
    assert guarded("a", "swell", "b") == ["a", reason, "b"]


def test_a_programming_error_does_not_reject_a_clip():
    with pytest.raises(KeyError, match="a programming error"):
        guarded("a", "err")


def test_no_calls_give_no_results():
    assert guarded() == []


def test_the_decoding_process_imports_nothing_heavy():
    (modules,) = guarded("modules")
    assert {"soundfile", "soxr"} <= set(modules)
    assert not {"av", "librosa", "numba", "pandas", "scipy", "sklearn", "torch"} & set(modules)


def encoded(ending: str) -> bytes:
    if ending in CODECS:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"clip.{ending}")
            return encode(path, CODECS[ending], tone(3, 1.5), RATE).read_bytes()
    stream = io.BytesIO()
    kind = "AIFF" if ending == "aif" else ending.upper()
    soundfile.write(stream, tone(3, 1.5), RATE, format=kind)
    return stream.getvalue()


CODECS = {"m4a": "aac", "mp4": "alac", "wma": "wmav2", "wv": "wavpack", "mka": "flac", "aac": "aac"}
VALID = {e: encoded(e) for e in ("wav", "flac", "mp3", "ogg", "au", "aif", *CODECS)}


def load(data: bytes, ending: str) -> np.ndarray | None:
    """Return the clip that these bytes decode to, or None after a ClipError of one line."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"clip.{ending}")
        path.write_bytes(data)
        for function in (decoding.duration, lambda p: decoding.load_clip(p, 0.0, 3.0, 0.5)):
            try:
                samples = function(path)
            except ClipError as error:
                samples, reason = None, str(error)
    if samples is None:
        assert reason
        assert "\n" not in reason
    else:
        assert samples.dtype == np.float32
        assert samples.ndim == 1
        assert 0.5 * RATE <= len(samples) <= 3 * RATE + 1
        assert np.isfinite(samples).all()
    return samples


@pytest.mark.parametrize("ending", VALID)
def test_an_undamaged_file_is_a_good_clip(ending):
    assert load(VALID[ending], ending) is not None


U16, U32 = st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1)


@settings(max_examples=150, deadline=2000)
@given(
    kind=st.sampled_from([1, 2, 3, 6, 7, 17, 49, 85, 0xFFFE]) | U16,
    channels=st.integers(0, 70) | U16,
    rate=st.sampled_from([0, 1, 1_000, 8_000, 22_050, 768_000, 2**31]) | U32,
    rates=U32,
    align=st.integers(0, 16) | U16,
    bits=st.sampled_from([0, 8, 12, 16, 24, 32, 64]) | U16,
    claimed=st.sampled_from([0, 60_000, 2**31, 2**32 - 1]) | U32,
    before=st.sampled_from([b"", b"LIST", b"bext", b"cue ", b"PEAK", b"fact", b"smpl"]),
    size=U32,
)
@example(1, 1, RATE, 2 * RATE, 2, 16, 60_000, b"", 0)
def test_any_header_gives_a_clip_or_a_reason(
    kind, channels, rate, rates, align, bits, claimed, before, size
):
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, kind, channels, rate, rates, align, bits)
    extra = before and before + struct.pack("<I", size)
    body = np.random.default_rng(0).bytes(60_000)
    data = b"WAVE" + form + extra + b"data" + struct.pack("<I", claimed) + body
    load(b"RIFF" + struct.pack("<I", len(data)) + data, "wav")


@settings(max_examples=150, deadline=10_000)
@given(
    ending=st.sampled_from(sorted(VALID)),
    named=st.sampled_from(sorted(VALID)),
    changes=st.lists(
        # Half of all changes hit the header, where they do most.
        st.tuples(st.integers(0, 99) | st.integers(0, 10**5), st.binary(min_size=1, max_size=8)),
        max_size=6,
    ),
    cut=st.none() | st.integers(0, 10**5),
)
@example("aif", "mp3", [(0, b"\0")], None)  # its length is negative to libsndfile
def test_any_damage_gives_a_clip_or_a_reason(ending, named, changes, cut):
    data = bytearray(VALID[ending])
    for at, change in changes:
        start = at % len(data)
        data[start : start + len(change)] = change
    load(bytes(data[:cut]), named)


def test_a_duration_is_what_a_file_holds_whatever_its_header_promises(tmp_path):
    path = tmp_path / "clip.flac"
    soundfile.write(path, tone(0, 10.0), RATE)
    assert decoding.duration(path) == 10.0
    whole = path.read_bytes()
    # The number of samples is the last 36 bits of these 8 bytes.
    path.write_bytes(whole[:21] + bytes([whole[21] | 15]) + b"\xff" * 4 + whole[26:])
    assert soundfile.info(path).duration > 10**6
    assert 9.5 < decoding.duration(path) <= 10.0
    path.write_bytes(whole[: len(whole) // 2])
    assert 3.0 < decoding.duration(path) < 6.0


@pytest.mark.usefixtures("librosa_alone")
@pytest.mark.parametrize("rate", [1_000, 8_000, 44_100, 48_000, 96_000, 768_000])
def test_resampling_gives_the_bytes_of_librosa(rate):
    import librosa

    y = tone(1, 1.2345, rate)
    expected = librosa.resample(y, orig_sr=rate, target_sr=RATE)
    np.testing.assert_array_equal(decoding.resample(y, rate), expected)


def test_text_named_au_is_no_sound(tmp_path):
    (tmp_path / "clip.au").write_bytes(b"la la la " * 9000)
    assert soundfile.info(tmp_path / "clip.au").format == "RAW"
    with pytest.raises(ClipError, match="no sound format is recognised"):
        decoding.load_clip(tmp_path / "clip.au", 0.0, 3.0, 1.0)


@pytest.mark.parametrize("path", ["a" * 5000, "a\0b", "none", "/dev/null"])
def test_a_path_that_leads_to_no_file_says_why(path):
    reason = "^(cannot be opened: .+|does not exist|is a device, not a file)$"
    with pytest.raises(ClipError, match=reason):
        decoding.load_clip(path, 0.0, 3.0, 1.0)


@pytest.mark.usefixtures("librosa_alone")
@pytest.mark.parametrize("ending", ["wav", "flac", "mp3", "ogg", "au"])
@pytest.mark.parametrize(("rate", "channels"), [(RATE, 1), (44_100, 2), (48_000, 3), (8_000, 1)])
def test_load_clip_reads_what_librosa_reads(tmp_path, ending, rate, channels):
    import librosa

    if ending == "mp3" and channels > 2:
        pytest.skip("mp3 has at most two channels")
    path = tmp_path / f"clip.{ending}"
    sound = np.stack([tone(seed, 4.0, rate) for seed in range(channels)], axis=1)
    soundfile.write(path, sound, rate)
    samples = decoding.load_clip(path, start=1.0, seconds=2.0, min_seconds=1.0)
    expected, _ = librosa.load(path, sr=RATE, offset=1.0, duration=2.0)
    assert samples.dtype == np.float32
    assert len(samples) == 2 * RATE
    np.testing.assert_array_equal(samples, expected)


def sound_file(path, samples, subtype="FLOAT"):
    soundfile.write(path, np.asarray(samples, dtype=np.float32), RATE, subtype=subtype)
    return path


@pytest.mark.parametrize(
    ("samples", "reason"),
    [
        ([], "is empty"),
        (np.ones(RATE // 2), "is too short: 0.500 s, 1 s are needed"),
        (np.zeros(2 * RATE), "is silent"),
        (np.full(2 * RATE, 0.5), "is silent"),
        ([0.1, np.nan] * RATE, "not finite"),
        ([0.1, np.inf] * RATE, "not finite"),
    ],
)
def test_load_clip_gives_the_reason_of_a_rejection(tmp_path, samples, reason):
    path = sound_file(tmp_path / "clip.wav", samples)
    with pytest.raises(ClipError, match=reason):
        decoding.load_clip(path, start=0.0, seconds=3.0, min_seconds=1.0)


def test_load_clip_rejects_files_without_sound(tmp_path):
    path = tmp_path / "clip.wav"
    path.write_bytes(b"RIFF and nothing else")
    with pytest.raises(ClipError, match=r"^cannot be decoded: \w"):
        decoding.load_clip(path, 0.0, 3.0, 1.0)
    with pytest.raises(ClipError, match="cannot be decoded"):
        decoding.duration(path)
    with pytest.raises(ClipError, match="does not exist"):
        decoding.load_clip(tmp_path / "none.wav", 0.0, 3.0, 1.0)


def test_a_segment_beyond_the_end_is_empty(tmp_path):
    path = sound_file(tmp_path / "clip.wav", tone(0, 2.0))
    with pytest.raises(ClipError, match="is empty"):
        decoding.load_clip(path, start=5.0, seconds=3.0, min_seconds=1.0)


def test_clips_are_decoded_at_the_requested_rate(tmp_path):
    path = tmp_path / "clip.wav"
    soundfile.write(path, tone(0, 2.0, 48_000), 48_000, subtype="FLOAT")
    samples = decoding.load_clip(path, 0.0, 1.0, 1.0, 48_000)
    np.testing.assert_array_equal(samples, tone(0, 2.0, 48_000)[:48_000])
    assert len(decoding.load_clip(path, 0.0, 1.0, 1.0, 16_000)) == 16_000
    assert len(decoding.load_clip(path, 0.0, 1.0, 1.0)) == RATE

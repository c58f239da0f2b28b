"""All that a sound file holds is read, in its place, whatever its format, header and seeks."""

from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from encoding import encode, film
from samples import tone

from hybridmusic.errors import ClipError
from hybridmusic.sound import decoding, reading
from hybridmusic.sound.decoding import duration, load_clip
from hybridmusic.sound.formats import AUDIO_ENDINGS, BEGINNING

RATE, SECONDS = 44_100, 12.0
SOUND = np.stack([tone(seed, SECONDS, RATE) for seed in (1, 2)], axis=1)
INTEGERS = np.round(SOUND * 2**15) / 2**15
# Variable bitrate.
VBR = {"flags": "+qscale", "global_quality": "472"}


def clips(path: Path, order=(0, 1, 2, 3)) -> dict[int, np.ndarray]:
    """Return clips of 3 s by number, loaded in an order."""
    return {n: load_clip(path, 3.0 * n, 3.0, 2.9) for n in order}


def read(path: Path, first: int = 0, count: int = 10**9) -> np.ndarray:
    with reading.opened(path) as sound:
        return sound.read(first, count)


def by_path(path: Path) -> np.ndarray:
    """Decode a whole file in one go, and let FFmpeg convert it: (samples, channels)."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler("fltp")
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
        return np.concatenate([frame.to_ndarray() for frame in frames], axis=1).T


def delay(sound: np.ndarray, original: np.ndarray) -> int:
    """Return by how many samples `sound` is later than `original`, from their correlation."""
    one, other = (np.fft.rfft(y[: 3 * RATE], 8 * RATE) for y in (original, sound))
    correlation = np.fft.irfft(one.conj() * other)
    return int((correlation.argmax() + 4 * RATE) % (8 * RATE) - 4 * RATE)


@pytest.mark.parametrize(
    ("name", "codec", "kept"),
    [
        ("a.m4a", "alac", "samples"),
        ("a.wv", "wavpack", "samples"),
        ("a.tta", "tta", "samples"),
        ("a.caf", "alac", "samples"),
        ("a.mka", "flac", "samples"),
        ("b.m4a", "aac", "time"),
        ("a.mp4", "aac", "time"),
        ("b.mka", "aac", "time"),
        ("a.webm", "libopus", "time"),
        # These do not store how much silence the encoder adds in front.
        ("a.aac", "aac", None),
        ("a.wma", "wmav2", None),
        ("a.ac3", "ac3", None),
    ],
)
def test_formats_that_libsndfile_lacks_are_read_as_ffmpeg_reads_them(tmp_path, name, codec, kept):
    rate = 48_000 if codec == "libopus" else RATE
    path = encode(tmp_path / name, codec, INTEGERS.astype(np.float32), rate)
    assert path.suffix in AUDIO_ENDINGS
    assert BEGINNING.match(path.read_bytes()[:12])  # known without its ending
    whole, expected = read(path), by_path(path)
    np.testing.assert_allclose(whole, expected, rtol=0, atol=1e-6)
    assert duration(path) == len(expected) / rate
    if kept == "samples":
        step = 2.0**-8 if name in ("a.wv", "a.tta") else 2.0**-15
        assert len(whole) == len(INTEGERS)
        np.testing.assert_allclose(whole, INTEGERS, rtol=0, atol=step)
    if kept == "time":
        assert abs(len(whole) - len(SOUND)) < 0.01 * rate
        assert abs(delay(whole[:, 0], SOUND[:, 0])) < 0.01 * rate
    assert abs(len(whole) - len(SOUND)) < 0.05 * rate
    # The last clips come first, so that some are sought and some are read on.
    seconds = range(3, -1, -1) if rate == RATE else range(3)
    for n, clip in clips(path, seconds).items():
        part = expected[3 * n * rate : 3 * (n + 1) * rate].mean(axis=1)
        np.testing.assert_allclose(clip, decoding.resample(part, rate), rtol=0, atol=1e-4)


def test_a_clip_is_the_same_however_it_is_reached(tmp_path):
    path = encode(tmp_path / "a.m4a", "alac", SOUND, RATE)
    whole = read(path)
    for first in (9 * RATE, 0, 8 * RATE + 17, 8 * RATE + 20, 2, 13 * RATE):
        np.testing.assert_array_equal(read(path, first, 9_000), whole[first : first + 9_000])


@pytest.mark.parametrize("fails", ["not at all", "with an error", "by going too far"])
def test_a_file_is_read_on_from_its_start_where_a_seek_fails(tmp_path, fails):
    path = encode(tmp_path / "a.m4a", "alac", SOUND, RATE)
    whole = read(path)
    stream = reading.Streamed(str(path))

    class Container:
        def __init__(self, container):
            self.format, self.demux, self.own = container.format, container.demux, container
            self.sought = False

        def seek(self, to, **more):
            self.sought = True
            if fails == "with an error":
                raise av.FFmpegError(1, "cannot seek")
            self.own.seek(11 * RATE if fails == "by going too far" else to, **more)

    stream._container = container = Container(stream._container)
    first = 7 * RATE + 3
    np.testing.assert_array_equal(stream.read(first, 999), whole[first : first + 999])
    assert container.sought
    assert (stream._container is container) == (fails == "not at all")


def mp3(path: Path, sound: np.ndarray = SOUND, **options) -> bytes:
    return encode(path, "mp3", sound, RATE, **options).read_bytes()


def with_frames(data: bytes, frames: int) -> bytes:
    """Return an mp3 whose Xing header promises a number of frames."""
    start = data.index(b"Xing") + 8
    return data[:start] + frames.to_bytes(4, "big") + data[start + 4 :]


@pytest.mark.parametrize("case", ["none", "constant", "zero", "few", "many", "joined"])
def test_an_mp3_is_counted_whatever_its_header_promises(tmp_path, case):
    path = tmp_path / "a.mp3"
    if case in ("none", "constant"):
        quality = VBR if case == "none" else {}
        mp3(path, container={"write_xing": "0"}, **quality)
    elif case == "joined":
        half = len(SOUND) // 2
        path.write_bytes(b"".join(mp3(path, part, **VBR) for part in (SOUND[:half], SOUND[half:])))
    else:
        frames = {"zero": 0, "few": 100, "many": 10**6}[case]
        path.write_bytes(with_frames(mp3(path, **VBR), frames))
    if case != "constant":
        assert abs(soundfile.info(path).duration - SECONDS) > 1
    # Encoder and decoder add 25 ms, and a second file its own header, a frame of silence.
    assert duration(path) == pytest.approx(SECONDS, abs=0.1)
    expected = tone(1, SECONDS, RATE), tone(2, SECONDS, RATE)
    for n, clip in clips(path).items():
        part = np.mean([y[3 * n * RATE : 3 * (n + 1) * RATE] for y in expected], axis=0)
        assert abs(delay(clip, decoding.resample(part, RATE))) < 0.1 * decoding.SAMPLE_RATE


def test_an_mp3_is_sought_to_the_samples_that_reading_on_gives(tmp_path):
    path = tmp_path / "a.mp3"
    soundfile.write(path, SOUND[:, 0], RATE)
    whole, _ = soundfile.read(path, dtype="float32", always_2d=True)
    wrong = 0
    for first in (RATE // 4, RATE // 2, *range(RATE, 11 * RATE, RATE)):
        expected = whole[first : first + RATE]
        with soundfile.SoundFile(path) as file:
            file.seek(first)
            wrong += np.abs(file.read(RATE) - expected[:, 0]).max() > 1e-2
        np.testing.assert_allclose(read(path, first, RATE), expected, rtol=0, atol=1e-5)
    assert wrong > 0, "libsndfile seeks well: the run-up is not needed"


@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_all_links_of_a_chained_ogg_are_read(tmp_path, subtype):
    rate = 48_000
    whole = [tone(seed, SECONDS / 2, rate) for seed in (1, 2)]
    links = []
    for number, part in enumerate(whole):
        path = tmp_path / f"{number}.ogg"
        soundfile.write(path, part, rate, format="OGG", subtype=subtype)
        links.append(path.read_bytes())
    (tmp_path / "a.ogg").write_bytes(b"".join(links))
    # FFmpeg does not cut the last block of a link.
    assert duration(tmp_path / "a.ogg") == pytest.approx(SECONDS, abs=0.02)
    for n, clip in clips(tmp_path / "a.ogg").items():
        part = np.concatenate(whole)[3 * n * rate : 3 * (n + 1) * rate]
        late = delay(clip, decoding.resample(part, rate))
        assert abs(late) < (0.001 if n < 2 else 0.02) * decoding.SAMPLE_RATE
    # The same file twice, whose links have the same number.
    (tmp_path / "b.ogg").write_bytes(2 * links[0])
    assert duration(tmp_path / "b.ogg") == pytest.approx(SECONDS, abs=0.02)


def flac(path: Path) -> bytes:
    soundfile.write(path, INTEGERS, RATE)
    return path.read_bytes()


def artwork(size: int = 300_000) -> bytes:
    digits = bytes(size >> shift & 127 for shift in (21, 14, 7, 0))
    return b"ID3\4\0\0" + digits + np.random.default_rng(0).bytes(size)


@pytest.mark.parametrize("case", ["piped", "behind artwork", "wav behind artwork"])
def test_lossless_files_are_read_to_their_last_sample(tmp_path, case):
    path = tmp_path / "a.flac"
    data = flac(path)
    if case == "piped":  # the number of samples, 36 bits, is not known
        data = data[:21] + bytes([data[21] & 240]) + bytes(4) + data[26:]
    elif case == "behind artwork":
        data = artwork() + data
    else:
        soundfile.write(tmp_path / "a.wav", INTEGERS, RATE)
        data = artwork() + (tmp_path / "a.wav").read_bytes()
    path.write_bytes(data)
    assert duration(path) == SECONDS
    np.testing.assert_array_equal(read(path), INTEGERS)
    for n, clip in clips(path).items():
        part = INTEGERS[3 * n * RATE : 3 * (n + 1) * RATE].mean(axis=1, dtype=np.float32)
        np.testing.assert_allclose(clip, decoding.resample(part, RATE), rtol=0, atol=1e-6)


def test_gsm_is_read_though_it_cannot_be_sought(tmp_path):
    path, rate = tmp_path / "a.wav", 8_000
    low = tone(1, SECONDS, rate)
    soundfile.write(path, low, rate, subtype="GSM610")
    with soundfile.SoundFile(path) as file, pytest.raises(soundfile.SoundFileError):
        file.seek(0)
    assert duration(path) == SECONDS
    expected, _ = soundfile.read(path, dtype="float32")
    for n, clip in clips(path).items():
        part = expected[3 * n * rate : 3 * (n + 1) * rate]
        np.testing.assert_array_equal(clip, decoding.resample(part, rate))


def test_a_wav_whose_length_was_never_written_is_counted(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, INTEGERS, RATE, subtype="PCM_16")
    data = path.read_bytes()
    path.write_bytes(data[:4] + bytes(4) + data[8:40] + bytes(4) + data[44:])
    assert soundfile.info(path).frames == 0
    assert duration(path) == SECONDS
    np.testing.assert_array_equal(read(path), INTEGERS)


@pytest.mark.parametrize(("name", "codec"), [("a.flac", None), ("a.wv", "wavpack")])
def test_what_precedes_a_cut_is_kept_and_what_is_damaged_is_not(tmp_path, name, codec):
    path = tmp_path / name
    data = encode(path, codec, SOUND, RATE).read_bytes() if codec else flac(path)
    whole = read(path)
    path.write_bytes(data[: len(data) * 2 // 3])
    cut = read(path)
    assert 0.5 * len(whole) < len(cut) < 0.8 * len(whole)
    np.testing.assert_array_equal(cut, whole[: len(cut)])
    assert duration(path) == len(cut) / RATE
    if name == "a.wv":  # no frame is found after damage, as after a cut
        return
    half = len(data) // 2
    path.write_bytes(data[:half] + bytes(20_000) + data[half + 20_000 :])
    with pytest.raises(ClipError, match=r"^is damaged or cut short \("):
        read(path)
    np.testing.assert_array_equal(read(path, 0, 3 * RATE), whole[: 3 * RATE])


@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{}'\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=a\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 14\n",
    ],
)
@pytest.mark.parametrize("ending", ["mp4", "wma", "ogg", "mp3"])
def test_a_playlist_in_disguise_opens_no_other_file(tmp_path, playlist, ending):
    soundfile.write(tmp_path / "secret.wav", SOUND, RATE)
    path = tmp_path / f"a.{ending}"
    path.write_text(playlist.format("secret.wav"))
    if playlist.startswith("ffconcat"):  # as FFmpeg does where it may
        assert av.open(str(path)).streams.audio
    with pytest.raises(ClipError, match="no sound format is recognised"):
        load_clip(path, 0.0, 3.0, 1.0)


def reason(path: Path) -> str:
    with pytest.raises(ClipError) as caught:
        load_clip(path, 0.0, 3.0, 1.0)
    return str(caught.value)


def test_what_cannot_be_decoded_has_its_own_reason(tmp_path):
    whole = encode(tmp_path / "a.m4a", "aac", SOUND, RATE).read_bytes()
    (tmp_path / "bought.m4p").write_bytes(whole.replace(b"mp4a", b"drms"))
    (tmp_path / "cut.m4a").write_bytes(whole[: len(whole) // 2])  # without the index at its end
    (tmp_path / "talk.dts").write_bytes(b"\x7f\xfe\x80\x01" * 9_000)
    (tmp_path / "text.m4a").write_bytes(b"la la la " * 9_000)
    encode(tmp_path / "slow.wav", "pcm_s16le", SOUND, 999)
    encode(tmp_path / "slow.mka", "pcm_s16le", SOUND, 999)
    silent = encode(tmp_path / "silent.m4a", "alac", 0 * SOUND, RATE)
    unknown = encode(tmp_path / "unknown.mka", "flac", SOUND, RATE)
    unknown.write_bytes(unknown.read_bytes().replace(b"A_FLAC", b"A_FLOC"))
    wma = encode(tmp_path / "bought.wma", "wmav2", SOUND, RATE)
    reasons = {p.name: reason(p) for p in tmp_path.iterdir() if p.name not in ("a.m4a", wma.name)}
    assert reasons.pop("bought.m4p").startswith("is in a format that is not supported (")
    assert reasons.pop("unknown.mka").startswith("is in a format that is not supported (")
    assert reasons.pop("cut.m4a").startswith("is damaged or cut short (")
    for name in ("slow.wav", "slow.mka"):
        assert reasons.pop(name).startswith("has a sample rate of 999 Hz")
    assert reasons == {
        "talk.dts": "is in a format that is not supported (.dts)",
        "text.m4a": "cannot be decoded: no sound format is recognised in it",
        silent.name: "is silent",
    }
    assert reason(film(tmp_path / "film.mp4")).startswith("holds no sound (")
    # An empty object that describes the encryption, in place of an object of padding.
    start = wma.read_bytes().index(bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365"))
    data = wma.read_bytes()
    wma.write_bytes(data[:start] + reading.ENCRYPTED_ASF + data[start + 16 :])
    assert "encrypted" in reason(wma)


def test_a_file_of_two_rates_has_the_rate_of_its_first_part(tmp_path):
    first = encode(tmp_path / "a.aac", "aac", SOUND[: 4 * RATE], RATE).read_bytes()
    other = encode(tmp_path / "b.aac", "aac", tone(3, 4.0, 22_050), 22_050).read_bytes()
    (tmp_path / "c.aac").write_bytes(first + other)
    assert duration(tmp_path / "c.aac") == pytest.approx(8, abs=0.2)  # with encoders' silence
    assert read(tmp_path / "c.aac").shape[1] == 2


def test_ffmpeg_decodes_within_the_limits_of_the_decoding_process(tmp_path):
    path = encode(tmp_path / "a.m4a", "aac", SOUND, RATE)
    calls = [(path, 3.0 * n, 3.0, 1.0) for n in range(3)]
    results = list(decoding.guarded(load_clip, calls, 30.0, 256))
    for n, result in enumerate(results):
        np.testing.assert_array_equal(result, clips(path, [n])[n])

"""Every kind of bad file is used rightly or listed with a reason, and no other file suffers."""

import os
import shutil
import socket
import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
from encoding import encode, film
from project import Project
from samples import RATE, tone
from threadpoolctl import threadpool_limits

from hybridmusic.sound import decoding
from hybridmusic.sound import features as audio

USED = None
DAMAGED = "is damaged or cut short (*)"
UNSUPPORTED = "is in a format that is not supported (*)"
NOTHING = "cannot be decoded: no sound format is recognised in it"
ROW = {"name": "raw_kmeans", "label": "Raw K-Means", "task": "Easy", "space": "audio"}


def wav(channels=1, rate=RATE, bits=16, kind=1, body=None, claimed=None, before=b"") -> bytes:
    """Return a wav file with a header of these values."""
    body = (tone(5) * 32767).astype("<i2").tobytes() if body is None else body
    frame = channels * bits // 8
    form = struct.pack("<HHIIHH", kind, channels, rate, rate * frame % 2**32, frame % 2**16, bits)
    size = struct.pack("<I", len(body) if claimed is None else claimed)
    data = b"WAVEfmt " + struct.pack("<I", 16) + form + before + b"data" + size + body
    return b"RIFF" + struct.pack("<I", len(data)) + data


def write_sounds(folder: Path) -> dict[str, str | None]:
    """Write sounds that are odd in what they hold; by name, the reason to reject each."""
    sound = tone(5)
    stereo = np.stack([sound, -sound], axis=1)
    for name, samples, rate, subtype, reason in (
        ("8bit", sound, RATE, "PCM_U8", USED),
        ("24bit", sound, RATE, "PCM_24", USED),
        ("32bit", sound, RATE, "PCM_32", USED),
        ("float", sound, RATE, "FLOAT", USED),
        ("double", sound, RATE, "DOUBLE", USED),
        ("ulaw", sound, RATE, "ULAW", USED),
        ("adpcm", sound, RATE, "MS_ADPCM", USED),
        ("clipping", np.sign(sound), RATE, "PCM_16", USED),
        ("unscaled", sound * 2.0**30, RATE, "FLOAT", USED),
        ("8kHz", sound, 8_000, "PCM_16", USED),
        ("192kHz", tone(5, rate=192_000), 192_000, "PCM_16", USED),
        ("64channels", np.repeat(sound[:, None], 64, axis=1), RATE, "PCM_16", USED),
        ("65channels", np.repeat(sound[:, None], 65, axis=1), RATE, "PCM_16", "has 65 channels; *"),
        ("999Hz", sound, 999, "PCM_16", "has a sample rate of 999 Hz; *"),
        ("1MHz", sound, 1_000_000, "PCM_16", "has a sample rate of 1000000 Hz; *"),
        ("nan", np.r_[np.nan, sound], RATE, "FLOAT", "holds samples that are not finite*"),
        ("inf", np.r_[np.inf, sound], RATE, "FLOAT", "holds samples that are not finite*"),
        ("loud", sound * 1e30, RATE, "FLOAT", "holds samples beyond any full scale*"),
        ("silence", 0 * sound, RATE, "PCM_16", "is silent"),
        ("dc", 0 * sound + 0.5, RATE, "PCM_16", "is silent"),
        ("cancelling", stereo, RATE, "FLOAT", "is silent"),
        ("dither", 1e-6 * sound, RATE, "FLOAT", "is silent"),
        ("sample", sound[:1], RATE, "PCM_16", "is too short: 0.000 s, 1 s are needed"),
        ("millisecond", sound[:22], RATE, "PCM_16", "is too short: 0.001 s, 1 s are needed"),
        ("nothing", sound[:0], RATE, "PCM_16", "is empty: no samples*"),
    ):
        path = folder / f"{name}.wav"
        soundfile.write(path, np.nan_to_num(samples) if reason is USED else samples, rate, subtype)
        yield path.name, reason


def write_bytes(folder: Path):
    """Write files whose bytes are damaged or lie; by name, the reason to reject each."""
    for ending in ("wav", "flac", "mp3", "ogg", "au", "aiff"):
        soundfile.write(folder / f"whole.{ending}", tone(6), RATE)
        yield f"whole.{ending}", USED
    for ending, codec in (("m4a", "aac"), ("wma", "wmav2"), ("wv", "wavpack"), ("webm", "libopus")):
        rate = 48_000 if ending == "webm" else RATE
        encode(folder / f"whole.{ending}", codec, tone(6, rate=rate), rate)
        yield f"whole.{ending}", USED
    yield film(folder / "film.mp4").name, "holds no sound (*)"
    whole = {path.suffix[1:]: path.read_bytes() for path in folder.glob("whole.*")}
    m4a = whole["m4a"]
    flac = whole["flac"]
    text = b"This is no music. " * 999
    for name, data, reason in (
        ("zero.wav", b"", "is empty: it has no bytes"),
        ("zero\rline\n.mp3", b"", "is empty: it has no bytes"),
        ("text.wav", text, NOTHING),
        ("text.mp3", text, NOTHING),
        ("text.au", text, NOTHING),
        ("page.ogg", b"<!DOCTYPE html><html>404</html>", NOTHING),
        ("noise.wav", np.random.default_rng(0).bytes(50_000), NOTHING),
        ("nulls.flac", bytes(50_000), NOTHING),
        *((f"header.{ending}", data[:20], DAMAGED) for ending, data in whole.items()),
        ("half.wav", whole["wav"][:50_000], USED),
        ("half.mp3", whole["mp3"][: len(whole["mp3"]) * 2 // 3], USED),
        ("short.wav", whole["wav"][:9_000], "is too short: 0.203 s, 1 s are needed"),
        ("cut.flac", flac[:2_000], DAMAGED),
        ("flac.wav", flac, USED),
        ("mp3.flac", whole["mp3"], USED),
        ("m4a.mp3", m4a, USED),
        ("cut.m4a", m4a[: len(m4a) // 2], DAMAGED),
        ("bought.m4p", m4a.replace(b"mp4a", b"drms"), UNSUPPORTED),
        ("playlist.mp4", b"ffconcat version 1.0\nfile 'whole.wav'\n", NOTHING),
        ("wav.mp3", whole["wav"], USED),
        ("ogg.WAV", whole["ogg"], USED),
        ("junk.mp3", b"\0" * 3_000 + whole["mp3"], USED),
        ("long.flac", flac[:21] + bytes([flac[21] | 15]) + b"\xff" * 4 + flac[26:], USED),
        ("0Hz.wav", wav(rate=0), DAMAGED),
        ("1Hz.wav", wav(rate=1), "has a sample rate of 1 Hz; 1000 to 768000 Hz are possible"),
        ("2GHz.wav", wav(rate=2**31 - 1), "has a sample rate of 2147483647 Hz; *"),
        ("4GHz.wav", wav(rate=2**32 - 1), DAMAGED),
        ("0channels.wav", wav(channels=0), DAMAGED),
        ("65535channels.wav", wav(channels=65_535), DAMAGED),
        ("0bits.wav", wav(bits=0), UNSUPPORTED),
        ("unknown_codec.wav", wav(kind=0x1234), UNSUPPORTED),
        ("10hours.wav", wav(claimed=36_000 * 2 * RATE), USED),
        ("4gigabytes.wav", wav(claimed=2**32 - 1), USED),
        ("unwritten_length.wav", wav(claimed=0), USED),
        ("huge_list.wav", wav(before=b"LIST" + struct.pack("<I", 2**31 - 1)), DAMAGED),
        ("huge_cue.wav", wav(before=b"cue " + struct.pack("<I", 2**32 - 1)), DAMAGED),
    ):
        (folder / name).write_bytes(data)
        yield name, reason


def make_entries(folder: Path, sound: Path):
    """Make names and entries of a folder that are odd; by name, the reason to reject each."""
    for name in (
        *("new\nline.wav", "carriage\rreturn.wav", "tab\t.wav", "'quo\"tes'.wav", "-rf.wav"),
        *("%s%20.wav", "{x}[y]*?.wav", "$(HOME) #1.wav", "গান.wav", "NA.wav", ", ;.wav"),
        "x" * 251 + ".wav",
        " .wav",
    ):
        shutil.copy(sound, folder / name)
        yield name, USED
    shutil.copy(sound, folder / os.fsdecode(b"bad\xff.wav"))
    yield "bad\\xff.wav", "has a name that is not valid text"
    (folder / "linked.wav").symlink_to(sound)
    yield "linked.wav", USED
    (folder / "dangling.wav").symlink_to("nowhere")
    yield "dangling.wav", "is a link to nothing"
    (folder / "cycle.wav").symlink_to("cycle.wav")
    yield "cycle.wav", "cannot be opened: Too many levels of symbolic links"
    (folder / "device.wav").symlink_to("/dev/zero")
    yield "device.wav", "is a device, not a file"
    os.mkfifo(folder / "pipe.wav")
    yield "pipe.wav", "is a named pipe, not a file"
    shutil.copy(sound, folder / "closed.wav")
    (folder / "closed.wav").chmod(0)
    may = os.access(folder / "closed.wav", os.R_OK)  # as root, one may
    yield "closed.wav", USED if may else "cannot be opened: Permission denied"
    (folder / "folder.wav").mkdir()  # walked as the folder that it is
    shutil.copy(sound, folder / "folder.wav")
    yield f"folder.wav/{sound.name}", USED


def bind_socket(path: Path) -> None:
    """Make a socket; its path may have a hundred bytes, so it is named from where it lies."""
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


@pytest.fixture(scope="module")
def bad(tmp_path_factory) -> tuple[Project, dict[str, str | None]]:
    """Return a whole run over good and bad files, and the expected reason for each bad one."""
    project = Project.create(tmp_path_factory.mktemp("bad") / "project")
    folder = project.folder / "bad"
    folder.mkdir()
    good = project.folder / "music/english/blues/0.wav"
    expected = dict(write_sounds(folder))
    expected |= dict(write_bytes(folder))
    expected |= dict(make_entries(folder, good))
    bind_socket(folder / "socket.wav")
    expected["socket.wav"] = "is a socket, not a file"
    rows = {
        "nowhere.wav": "does not exist",
        "music": "is a folder, not a file",
        "z" * 5_000: "cannot be opened: File name too long",
        "music/bangla/Pop/0.wav": USED,
    }
    table = pd.DataFrame({"file_path": list(rows), "language": "bangla"})
    table.to_csv(project.folder / "rows.csv", index=False)
    english, bangla = ("music/english", "music/bangla")
    project.write_config(
        sources=[
            {"name": "en", "language": "english", "path": english, "song": "file"},
            {"name": "bn", "language": "bangla", "path": bangla, "song": "file"},
            {"name": "bad", "language": "english", "path": "bad", "song": "file"},
            {"name": "rows", "path": "rows.csv", "song": "file"},
        ],
        balance=False,
        max_rejected=0.7,
        methods=[ROW | {"clusterer": "kmeans"}],
        figures={
            "umap_panel": [{"title": "Raw", "map": "umap_audio", "colour": "raw_kmeans"}],
            "genre_distribution": {"method": "raw_kmeans"},
        },
    )
    project.succeed("features", "results/tiny/tables/table2.csv")
    return project, {f"bad/{name}": reason for name, reason in expected.items()} | rows


def test_what_is_bad_is_rejected_with_its_reason(bad):
    project, expected = bad
    assert len(expected) > 80
    rejected = pd.read_csv(project.results / "rejected.csv", dtype=str, keep_default_na=False)
    found = dict(zip(rejected["file_path"], rejected["reason"], strict=True))
    assert len(found) == len(rejected)
    wanted = {file: reason for file, reason in expected.items() if reason is not USED}
    assert set(found) == set(wanted)
    for file, reason in wanted.items():
        start, _, end = reason.partition("*")
        assert found[file].startswith(start), file
        assert found[file].endswith(end), file
        assert "\n" not in found[file]


def test_what_is_good_is_described_as_if_it_were_alone(bad):
    project, expected = bad
    features = pd.read_parquet(project.results / "features.parquet").set_index("id")
    catalogue = pd.read_parquet(project.results / "catalogue.parquet").set_index("id")
    files = catalogue.loc[features.index, "file_path"]
    assert {f for f, reason in expected.items() if reason is USED} <= set(files)
    assert len(features) == 24 + sum(reason is USED for reason in expected.values())
    with threadpool_limits(1):  # as in a job; products of matrices depend on it
        for track, file in files.items():
            clip = decoding.load_clip(project.folder / file, 0.0, 2.0, 1.0)
            row = features.loc[track]
            for name, value in audio.describe(clip, audio.SAMPLE_RATE).items():
                np.testing.assert_array_equal(row[name], value, err_msg=f"{name} of {track}")


def test_the_run_goes_on_to_its_table_without_a_traceback(bad):
    project, _ = bad
    assert (project.results / "tables/table2.csv").stat().st_size > 0
    for log in (project.results / "logs").glob("*.log"):
        assert "Traceback" not in log.read_text(), log

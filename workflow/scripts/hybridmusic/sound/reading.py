"""Read samples of a sound file by libsndfile, or by FFmpeg where libsndfile cannot.

A header is believed if the file ends where its last promised sample ends. Otherwise, and where
libsndfile fails to seek, FFmpeg reads the file on from its start, in blocks. Like `decoding`, this
imports nothing heavy; FFmpeg is imported for the first file that needs it.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from hybridmusic.errors import ClipError
from hybridmusic.sound.formats import AUDIO_ENDINGS, BEGINNING, CONTAINERS

if TYPE_CHECKING:
    import av

# A header with more is wrong. The limits bound the memory of one second of a clip.
RATES = (1_000, 768_000)  # Hz
CHANNELS = 64
# Bytes that may follow the last sample of a file without doubt about its header, such as tags. A
# second of MP3 at 32 kbit/s takes as many.
SPARE = 4_096
# Frames of MP3 need bits of earlier frames, 511 bytes at most, or 0.2 s at 20 kbit/s. After a seek
# libsndfile may lack them, and samples are wrong in one frame or two.
RUN_UP = 0.5  # s
FRAMES = 2 * 1152  # samples
# Codecs whose samples do not depend on the samples before, in containers with an index.
INDEPENDENT = {"alac", "tta", "wavpack"}
# Containers that are a mere sequence of frames, where tags and junk may be between frames.
SEQUENCES = {"aac", "ac3", "mp3"}
ENCRYPTED = {"drms", "enca"}  # instead of `mp4a` and the like in MPEG-4
# Identifies the object of an ASF header that describes the encryption.
ENCRYPTED_ASF = bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e")
# Full scale of integer samples; unsigned bytes are centred at 128.
FULL_SCALE = {"uint8": 2.0**7, "int16": 2.0**15, "int32": 2.0**31, "int64": 2.0**63}
NOTHING = "cannot be decoded: no sound format is recognised in it"
# libsndfile fails with these; with ValueError for a length that it takes for negative.
FAILURES = (soundfile.SoundFileError, OSError, ValueError)
NO_FILES = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@contextmanager
def opened(path: str | Path) -> Iterator[Plain | Streamed]:
    """Open a sound file for reading; raise ClipError if that fails."""
    check_regular(path)
    try:
        file = soundfile.SoundFile(str(path))
    except FAILURES:
        yield streamed(path)
        return
    with file:
        # libsndfile takes any file named .au without a header for telephone speech.
        if file.format == "RAW":
            raise ClipError(NOTHING)
        check_limits(file.samplerate, file.channels)
        yield Plain(path, file)


class Plain:
    """A sound file that libsndfile reads.

    Attributes
    ----------
    rate : of samples, Hz
    channels : number
    codec : name of the format and of the encoding
    """

    def __init__(self, path: str | Path, file: soundfile.SoundFile) -> None:
        self._path, self._file, self._place = path, file, 0
        self.rate, self.channels = file.samplerate, file.channels
        self.codec = f"{file.format}/{file.subtype}"

    def read(self, first: int, count: int) -> np.ndarray:
        """Return `count` samples from `first` on, fewer at the end: float32 (samples, channels)."""
        try:
            samples = self._read(first, count)
        except FAILURES as error:
            try:
                return streamed(self._path).read(first, count)
            except ClipError:
                raise ClipError(f"is damaged or cut short ({message(error)})") from error
        if len(samples) == count or keeps_promise(self._path):
            return samples
        try:
            return max(samples, streamed(self._path).read(first, count), key=len)
        except ClipError:
            return samples

    def _read(self, first: int, count: int) -> np.ndarray:
        """Return samples as libsndfile reads them, with a run-up where a seek goes wrong."""
        start = min(first, self._file.frames)
        samples = self._after_seek(start, count)
        if self._file.format == "MP3" and start:
            ahead = min(start, round(RUN_UP * self.rate))
            begin = self._after_seek(start - ahead, ahead + FRAMES)[ahead:]
            if not np.allclose(samples[: len(begin)], begin, rtol=0, atol=1e-4):
                return self._after_seek(start - ahead, ahead + count)[ahead:]
        return samples

    def _after_seek(self, start: int, count: int) -> np.ndarray:
        if start != self._place:  # some formats cannot seek, not even to where they are
            self._file.seek(start)
        samples = self._file.read(count, dtype="float32", always_2d=True)
        self._place = start + len(samples)
        return samples

    def count(self) -> int:
        """Return the number of samples; they are counted if the header is not to be believed."""
        if keeps_promise(self._path):
            return self._file.frames
        return streamed(self._path).count()


def keeps_promise(path: str | Path) -> bool:
    """Return whether a file holds the samples that libsndfile expects, and hardly a byte more."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with soundfile.SoundFile(descriptor, closefd=False) as file:
            file.seek(max(0, file.frames - 1))
            whole = len(file.read(1)) == 1
            return whole and _rest(descriptor) < SPARE
    except FAILURES:
        return False
    finally:
        os.close(descriptor)


def _rest(descriptor: int) -> int:
    """Return the number of bytes that were not read."""
    return os.fstat(descriptor).st_size - os.lseek(descriptor, 0, os.SEEK_CUR)


def streamed(path: str | Path) -> Streamed:
    """Open a sound file by FFmpeg; raise ClipError if it has no sound that can be decoded.

    The last file stays open, so that clips in order of time are read in one go.
    """
    status = Path(path).stat()
    return _streamed(str(path), status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=1)
def _streamed(path: str, _size: int, _time: int) -> Streamed:
    return Streamed(path)


class Streamed:
    """A sound file that FFmpeg reads; the attributes are those of `Plain`."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._begin()
        self.rate, self.channels = self._first.sample_rate, self._first.layout.nb_channels
        check_limits(self.rate, self.channels)
        container = self._container.format.name.partition(",")[0]
        self.codec = f"{container}/{self._stream.codec_context.name}".upper()

    def _begin(self) -> None:
        """Open the file at its start, and decode a frame: rates of headers may be wrong."""
        import av

        # FFmpeg gets an open file, so that it need not and cannot open any other.
        options = {"format_whitelist": ",".join(CONTAINERS), "protocol_whitelist": "none"}
        with self._reported():
            file = io.FileIO(self._path)
            self._container = av.open(file, options=options, metadata_errors="ignore")
        self._stream = self._supported()
        frames = self._frames()
        first = next(frames, None)
        if first is None:
            raise self._damaged(ValueError("no sound in it"))
        self._first, self._converters = first, {}
        self._blocks = self._alike(chain([first], frames))
        self._block, self._start = None, 0

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """Raise ClipError in place of errors of FFmpeg, and of its seeks to impossible places.

        After any error the file is closed, for it would seem to end where it failed.
        """
        import av

        try:
            yield
        except BaseException as error:
            _streamed.cache_clear()
            if isinstance(error, (av.FFmpegError, *FAILURES)):
                raise self._damaged(error) from error
            raise

    def _damaged(self, error: Exception) -> ClipError:
        """Return the reason for a file that FFmpeg cannot decode although it knows the format."""
        if isinstance(error, MemoryError):
            return ClipError("needs more memory to decode than there is, or its header is damaged")
        if self._begins_as_sound():
            return ClipError(f"is damaged or cut short ({message(error)})")
        ending = Path(self._path).suffix
        if ending and ending.lower() not in AUDIO_ENDINGS:
            return ClipError(f"is in a format that is not supported ({ending})")
        return ClipError(NOTHING)

    def _begins_as_sound(self) -> bool:
        # FFmpeg takes text for sound if its name ends like that of a sound file.
        with Path(self._path).open("rb") as file:
            return BEGINNING.match(file.read(16)) is not None

    def _supported(self) -> av.AudioStream:
        """Return the stream of sound; raise ClipError if there is none that can be decoded."""
        name = self._container.format.long_name
        stream = self._container.streams.best("audio")
        if stream is None:
            if self._container.streams.video:
                raise ClipError(f"holds no sound ({name})")
            raise self._damaged(ValueError("no sound in it"))
        codec = stream.codec_context
        if codec is None:
            raise ClipError(f"is in a format that is not supported ({name}, unknown codec)")
        if self._is_encrypted(codec):
            raise ClipError(f"is in a format that is not supported ({name}, encrypted)")
        # More threads would take more memory, and more than the core that a job has.
        codec.thread_count = 1
        if codec.name == "flac":
            # Damaged frames would be noise.
            codec.options = {"err_detect": "crccheck+explode"}
        return stream

    def _is_encrypted(self, codec: av.AudioCodecContext) -> bool:
        if self._container.format.name == "asf":
            with Path(self._path).open("rb") as file:
                return ENCRYPTED_ASF in file.read(2**16)
        with suppress(UnicodeDecodeError):  # tags of other containers may be any bytes
            return codec.codec_tag in ENCRYPTED
        return False

    def _frames(self) -> Iterator[av.AudioFrame]:
        """Yield decoded frames; raise ClipError at a gap. What follows the last one is left out."""
        import av

        gap, any_frame, due = None, False, None
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except (av.FFmpegError, *FAILURES) as error:  # the file ends within a packet
                gap, packet = gap or error, None
            if packet is None:
                break
            try:
                frames = packet.decode()
            except (av.FFmpegError, *FAILURES) as error:
                gap = gap or error
                continue
            if frames and gap and self._container.format.name not in SEQUENCES:
                break
            any_frame = any_frame or bool(frames)
            for frame in frames:
                # FFmpeg leaves out frames of FLAC that are damaged.
                if due not in (None, frame.pts) and self._container.format.name == "flac":
                    raise self._damaged(ValueError("samples are missing"))
                due = frame.pts + frame.samples if self._is_timed(frame) else None
                yield frame
        if gap and (packet is not None or not any_frame):
            raise self._damaged(gap) from gap

    def _is_timed(self, frame: av.AudioFrame) -> bool:
        """Return whether the time stamp of a frame is the number of its first sample."""
        return frame.pts is not None and self._stream.time_base * frame.sample_rate == 1

    def _alike(self, frames: Iterator[av.AudioFrame]) -> Iterator[av.AudioFrame]:
        """Yield frames of the rate and channels of the first; joined files may have others."""
        import av

        layout = self._first.layout.name
        for frame in frames:
            own = (frame.sample_rate, frame.layout.name, frame.format.name)
            if own[:2] == (self.rate, layout):
                yield frame
                continue
            if own not in self._converters:
                self._converters[own] = av.AudioResampler("fltp", layout, self.rate)
            yield from self._converters[own].resample(frame)

    def read(self, first: int, count: int) -> np.ndarray:
        """Return `count` samples from `first` on, fewer at the end: float32 (samples, channels)."""
        with self._reported():
            if first < self._start:
                self._begin()
            self._seek(first)
            parts = [np.zeros((0, self.channels), dtype=np.float32)]
            while True:
                size = self._block.samples if self._block is not None else 0
                wanted = slice(max(0, first - self._start), max(0, first + count - self._start))
                if wanted.start < size:
                    parts.append(values(self._block)[wanted])
                if wanted.stop <= size:
                    break
                following = next(self._blocks, None)
                if following is None:
                    break
                self._start += size
                self._block = following
            return np.concatenate(parts)

    def _seek(self, first: int) -> None:
        """Go to a frame shortly before `first`, if that saves time and leaves samples as they are.

        Otherwise `read` reads on. That is so too if the seek fails or does not go where it should.
        """
        import av

        seekable = self._stream.codec_context.name in INDEPENDENT and self._is_timed(self._first)
        if not seekable or first < self._start + 5 * self.rate:
            return
        begin = self._first.pts
        with suppress(av.FFmpegError, *FAILURES):
            self._container.seek(begin + first, stream=self._stream)
            frames = self._frames()
            frame = next(frames, None)
            if frame is not None and frame.pts is not None and 0 <= frame.pts - begin <= first:
                self._block, self._start = None, frame.pts - begin
                self._blocks = self._alike(chain([frame], frames))
                return
        self._begin()

    def count(self) -> int:
        """Return the number of samples, by decoding them all."""
        _streamed.cache_clear()  # it will be at its end
        with self._reported():
            self._begin()
            return sum(frame.samples for frame in self._blocks)


def values(frame: av.AudioFrame) -> np.ndarray:
    """Return the samples of a frame, with 1 as full scale: float32 (samples, channels)."""
    samples = frame.to_ndarray()
    # Frames are planes, one for each channel, or have the channels of each sample side by side.
    samples = samples.T if frame.format.is_planar else samples.reshape(frame.samples, -1)
    scale = FULL_SCALE.get(samples.dtype.name, 1.0)
    offset = scale if samples.dtype == np.uint8 else 0.0
    return ((samples - offset) / scale).astype(np.float32)


def check_limits(rate: int, channels: int) -> None:
    """Raise ClipError if a rate, Hz, or a number of channels is beyond what music has."""
    low, high = RATES
    if not low <= rate <= high:
        raise ClipError(f"has a sample rate of {rate} Hz; {low} to {high} Hz are possible")
    if channels > CHANNELS:
        raise ClipError(f"has {channels} channels; up to {CHANNELS} are possible")


def check_regular(path: str | Path) -> None:
    """Raise ClipError if `path` is not a regular file; opening a pipe would wait for ever."""
    try:
        status = Path(path).stat()
        kind = stat.S_IFMT(status.st_mode)
        if kind in NO_FILES:
            raise ClipError(f"is {NO_FILES[kind]}, not a file")
        Path(path).open("rb").close()
    except FileNotFoundError as error:
        missing = "is a link to nothing" if Path(path).is_symlink() else "does not exist"
        raise ClipError(missing) from error
    except (OSError, ValueError) as error:
        # A path with a NUL raises ValueError.
        raise ClipError(f"cannot be opened: {getattr(error, 'strerror', error)}") from error
    if not status.st_size:
        raise ClipError("is empty: it has no bytes")


def message(error: Exception) -> str:
    """Return the message of a library on what is wrong with a file."""
    text = getattr(error, "error_string", "") or getattr(error, "strerror", "") or str(error)
    text = text.removeprefix("Error : ").strip().rstrip(".")
    # libsndfile's message for an mp3 without frames.
    return "no MPEG audio" if text.startswith("File does not exist") else text

"""Sound files in formats that libsndfile cannot write, made by FFmpeg."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np


def encode(
    path: Path, codec: str, samples: np.ndarray, rate: int, *, kind=None, container=None, **options
) -> Path:
    """Write `samples`, (samples,) or (samples, channels), by a codec; `kind` names the container.

    `container` has FFmpeg's options of the container, and `options` are those of the codec.
    """
    samples = samples.reshape(len(samples), -1)
    with av.open(path, "w", format=kind, options=container) as file:
        layout = "mono" if samples.shape[1] == 1 else "stereo"
        stream = file.add_stream(codec, rate, layout=layout, options=options)
        stream.bit_rate = 128_000  # WMA has no default
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.T), "fltp", layout)
        frame.sample_rate, frame.pts = rate, 0
        for packet in (*stream.encode(frame), *stream.encode(None)):
            file.mux(packet)
    return path


def film(path: Path) -> Path:
    """Write a second of pictures without sound."""
    with av.open(path, "w") as container:
        stream = container.add_stream("mpeg4", 10, width=64, height=48, pix_fmt="yuv420p")
        frames = [av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8)) for _ in range(10)]
        for packet in (p for frame in [*frames, None] for p in stream.encode(frame)):
            container.mux(packet)
    return path

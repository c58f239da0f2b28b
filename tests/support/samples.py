"""Tiny collections of sound, feature tables and models, drawn from seeds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

from hybridmusic.spaces.neighbours import Neighbours, knn_graph

RATE = 22_050


def tone(seed: int, seconds: float = 2.0, rate: int = RATE) -> np.ndarray:
    """Make a decaying chord over noise with a beat, by seed: (samples,) float32."""
    random = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate)) / rate
    pitches = 110 * 2 ** (random.integers(0, 36, 3) / 12)
    chord = sum(np.sin(2 * np.pi * pitch * t) for pitch in pitches)
    beat = np.exp(-((t * random.uniform(1.5, 3)) % 1) * random.uniform(2, 9))
    noise = random.normal(0, random.uniform(0.01, 0.3), len(t))
    return (random.uniform(0.05, 0.3) * beat * (chord + noise)).astype(np.float32)


def near(x: np.ndarray, k: int = 30, groups=None) -> Neighbours:
    """Return the neighbours of the rows of `x`, as kinds receive them."""
    return Neighbours(lambda: knn_graph(x, k, groups=groups, exact_up_to=10_000, seed=0))


def touch(folder: Path, *names: str) -> None:
    """Make empty files below `folder`."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def write_corpus(folder: Path, genres: dict[str, list[str]], clips: int, seconds: float = 2.0):
    """Write `clips` clips of every genre of every language to `<language>/<genre>/<n>.wav`."""
    seed = 0
    for language, names in genres.items():
        for genre in names:
            target = folder / language / genre
            target.mkdir(parents=True)
            for number in range(clips):
                soundfile.write(target / f"{number}.wav", tone(seed, seconds), RATE)
                seed += 1


def clip_table(n: int, **columns) -> pd.DataFrame:
    """Make up a catalogue of `n` clips; `columns` replace or add some of its columns."""
    defaults = {"id": [f"s/{i}" for i in range(n)], "content": [f"c{i}" for i in range(n)]}
    return pd.DataFrame(defaults | {"start": 0.0} | columns)


def kaggle_table(songs: int = 12) -> pd.DataFrame:
    """Make up a table in the schema of the CSV that Kaggle ships with GTZAN, with `language`."""
    random = np.random.default_rng(0)
    names = [f"{genre}.{n:05}.wav" for genre in ("blues", "Folk") for n in range(songs)]
    table = pd.DataFrame({"filename": names, "length": 66149})
    for feature in ("chroma_stft", "rms", "spectral_centroid", "rolloff"):
        table[f"{feature}_mean"] = random.uniform(0.1, 1, len(table))
        table[f"{feature}_var"] = random.uniform(0.01, 0.1, len(table))
    table["tempo"] = random.uniform(60, 180, len(table))
    for number in range(1, 21):
        table[f"mfcc{number}_mean"] = random.normal(0, 30, len(table))
        table[f"mfcc{number}_var"] = random.uniform(10, 900, len(table))
    table["label"] = [name.split(".")[0] for name in names]
    table["language"] = ["eng"] * songs + ["bng"] * songs
    return table


def audio_model(folder: Path) -> str:
    """Save an audio model like wav2vec 2.0 with random weights, at 16 kHz, two layers of 16."""
    import torch
    from transformers import Wav2Vec2Config, Wav2Vec2FeatureExtractor, Wav2Vec2Model

    torch.manual_seed(0)
    layers = {"conv_dim": (8, 8), "conv_stride": (160, 4), "conv_kernel": (400, 4)}
    heads = {"num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    positions = {"num_conv_pos_embeddings": 4, "num_conv_pos_embedding_groups": 2}
    Wav2Vec2Model(
        Wav2Vec2Config(hidden_size=16, num_feat_extract_layers=2, **layers, **heads, **positions)
    ).save_pretrained(folder)
    Wav2Vec2FeatureExtractor().save_pretrained(folder)
    return str(folder)


NOISE = np.random.default_rng(0).normal(0, 0.1, 3 * RATE)
TIME = np.arange(3 * RATE) / RATE
ODD = {
    "silence": 0 * TIME,
    "offset": 0 * TIME + 0.5,
    "burst": NOISE * (np.abs(TIME - 1) < 0.02),
    "half silent": np.where(TIME < 1.5, 0, NOISE),
    "sine": 0.3 * np.sin(2 * np.pi * 220 * TIME),
    "slow square": np.sign(np.sin(6 * TIME)),
    "clipped": np.clip(3 * np.sin(440 * TIME) + NOISE, -1, 1),
    "as integers": 1e9 * np.clip(NOISE, -1, 1),
    "faint": 3e-4 * NOISE,
    "0.05 s": NOISE[: RATE // 20],
    "one frame": NOISE[:400],
    "ten seconds": np.tile(np.sin(440 * TIME) * np.exp(-8 * (TIME % 0.5)), 4)[: 10 * RATE],
}

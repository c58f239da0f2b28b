"""Fixtures: tiny collections of sound, and the workflow run on them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
import yaml
from filelock import FileLock

from hybridmusic.spaces.neighbours import Neighbours, knn_graph

REPOSITORY = Path(__file__).parent.parent
RATE = 22_050
IGNORED = shutil.ignore_patterns("__pycache__")


def tone(seed: int, seconds: float = 2.0, rate: int = RATE) -> np.ndarray:
    """A decaying chord over noise with a beat, different for every seed; float32 (samples,)."""
    random = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate)) / rate
    pitches = 110 * 2 ** (random.integers(0, 36, 3) / 12)
    chord = sum(np.sin(2 * np.pi * pitch * t) for pitch in pitches)
    beat = np.exp(-((t * random.uniform(1.5, 3)) % 1) * random.uniform(2, 9))
    noise = random.normal(0, random.uniform(0.01, 0.3), len(t))
    return (random.uniform(0.05, 0.3) * beat * (chord + noise)).astype(np.float32)


def near(x: np.ndarray, k: int = 30, groups=None) -> Neighbours:
    """The neighbours of each row of `x`, as kinds are handed them."""
    return Neighbours(lambda: knn_graph(x, k, groups=groups, exact_up_to=10_000, seed=0))


def printed_by(program: str) -> str:
    """What a Python program prints in a process of its own, among the scripts; it must succeed."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY / "workflow" / "scripts",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


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


def kaggle_table(songs: int = 12) -> pd.DataFrame:
    """A feature table in the schema of the CSV that Kaggle ships with GTZAN, and `language`."""
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
    """Save a tiny audio model of random weights, like wav2vec 2.0: at 16 kHz, two layers of 16."""
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


@dataclass
class Project:
    """A copy of the repository to run the workflow in, as a user would from the command line."""

    folder: Path

    @classmethod
    def create(cls, folder: Path) -> Project:
        """Copy what a user has, and write the tiny collection and its configuration."""
        for name in ("workflow", "config", "profiles"):
            shutil.copytree(REPOSITORY / name, folder / name, ignore=IGNORED)
        shutil.copy2(REPOSITORY / "Snakefile", folder)
        write_corpus(folder / "music", GENRES, clips=4)
        project = cls(folder)
        project.write_config()
        return project

    def write_config(self, **layer) -> None:
        """Write the configuration's layer; what it names replaces what TINY says."""
        (self.folder / "tiny.yaml").write_text(
            yaml.safe_dump(merged(TINY, layer), allow_unicode=True), encoding="utf-8"
        )

    def call(self, *arguments: str) -> dict:
        """How to call snakemake; options that take any number of values follow the targets."""
        command = [
            sys.executable,
            *("-m", "snakemake", "--cores", "2", *arguments),
            *("--resources", "gpu=0", "--configfile", "tiny.yaml"),
        ]
        return {"args": command, "cwd": self.folder, "env": os.environ | {"HF_HUB_OFFLINE": "1"}}

    def snakemake(self, *arguments: str, **options) -> subprocess.CompletedProcess:
        """Run snakemake, with options of `subprocess.run`."""
        call = self.call(*arguments) | {"capture_output": True, "text": True} | options
        return subprocess.run(**call, timeout=600, check=False)

    def succeed(self, *arguments: str) -> str:
        """Run snakemake and return what it said; fail with that if it failed."""
        done = self.snakemake(*arguments)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
        return done.stdout + done.stderr

    def planned(self, *arguments: str) -> set[str]:
        """Names of the rules that a dry run would run."""
        said = self.succeed("--dry-run", *arguments)
        table = said.split("Job stats:")[1].split("\n\n")[0] if "Job stats:" in said else ""
        rules = {line.split()[0] for line in table.splitlines()[3:] if line.strip()}
        return rules - {"total", "default"}

    @property
    def results(self) -> Path:
        return self.folder / "results" / "tiny"


def merged(base: dict, layer: dict) -> dict:
    """`layer` over `base`, deeply, as Snakemake merges configurations."""
    both = dict(base)
    for key, value in layer.items():
        deeper = isinstance(value, dict) and isinstance(base.get(key), dict)
        both[key] = merged(base[key], value) if deeper else value
    return both


GENRES = {"english": ["blues", "metal", "pop"], "bangla": ["Folk", "Metal", "Pop"]}
SHORT = {"epochs": 2}
TINY = {
    "run": "tiny",
    "seeds": 1,
    "sources": [
        {"name": "en", "language": "english", "path": "music/english", "song": "file"},
        {"name": "bn", "language": "bangla", "path": "music/bangla", "song": r"^(.*)\d\.wav$"},
    ],
    "audio": {"clip_seconds": 2.0, "shards": 2},
    "text": {"model": "bundled"},
    "k": [3, "genres"],
    "statistics": {"resamples": 50, "permutations": 99, "subsamples": 2},
    "spaces": {
        **dict.fromkeys(["autoencoder", "basic_vae", "conv_vae", "conv_vae_hybrid"], SHORT),
        **dict.fromkeys(["cond_vae", "cond_vae_language", "cond_vae_none"], SHORT),
        **dict.fromkeys(["independent_vae", "adaptive"], SHORT),
        # A map takes ten seconds of compilation whatever its size: two are enough here.
        **dict.fromkeys(["umap_pca", "umap_basic_vae", "umap_conv_vae", "umap_cond_vae"]),
    },
    "reduction": {"spaces": ["audio", "hybrid"]},
    "tuning": {"latent": [2, 4], "beta": [1.0, 4.0], "epochs": 2},
    "figures": {
        "dpi": 60,
        "umap_panel": [
            {"title": "Raw features", "map": "umap_audio", "colour": "raw_kmeans"},
            {"title": "Cond VAE", "map": "umap_audio", "colour": "cond_vae_kmeans"},
            {"title": "DBSCAN", "map": "umap_hybrid", "colour": "dbscan_umap"},
            {"title": "Language", "map": "umap_hybrid", "colour": "language"},
        ],
    },
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A new tiny project: 2 languages with 3 genres of 4 clips, nothing computed."""
    return Project.create(tmp_path / "project")


@pytest.fixture(scope="session")
def shared(tmp_path_factory, worker_id: str) -> Path:
    """A folder that all processes which run these tests have in common."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="module")
def librosa_alone(shared: Path) -> Iterator[None]:
    """No other process asks librosa anything meanwhile.

    On a new machine numba compiles for it, into one cache, which is not made for two processes
    that write it at once: one of them may crash.
    """
    with FileLock(shared / "librosa.lock"):
        yield


@pytest.fixture(scope="session")
def computed(shared: Path) -> Project:
    """A tiny project run whole, once for all processes; tests read it and leave it as it is."""
    folder, done = shared / "computed" / "project", shared / "computed" / "done"
    with FileLock(shared / "computed.lock"):
        if not done.exists():
            project = Project.create(folder)
            # Two things that a collection has: a file that is none, and a silent clip.
            (folder / "music/english/blues/broken.wav").write_bytes(b"not sound")
            soundfile.write(folder / "music/bangla/Folk/9.wav", np.zeros(2 * RATE), RATE)
            project.write_config(balance=False)
            project.succeed()
            done.touch()
    return Project(folder)


@pytest.fixture
def copied(computed: Project, tmp_path: Path) -> Project:
    """A copy of the computed project: free to change."""
    folder = tmp_path / "project"
    shutil.copytree(computed.folder, folder, symlinks=True)
    return Project(folder)

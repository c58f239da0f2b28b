"""A copy of the repository with a tiny collection, and the workflow run in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml
from samples import write_corpus

REPOSITORY = Path(__file__).parents[2]
IGNORED = shutil.ignore_patterns("__pycache__")


def printed_by(program: str) -> str:
    """Run a Python program in the scripts' folder, and return what it prints; it must succeed."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY / "workflow" / "scripts",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass
class Project:
    """A copy of the repository to run the workflow in, as a user would from the command line."""

    folder: Path
    # The layer that calls name, or None where the Snakefile itself names one.
    layer: str | None = "tiny.yaml"

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
        """Write the configuration: TINY, with the values of `layer`."""
        (self.folder / "tiny.yaml").write_text(
            yaml.safe_dump(merged(TINY, layer), allow_unicode=True), encoding="utf-8"
        )

    def call(self, *arguments: str) -> dict:
        """Return arguments of `subprocess` for snakemake; options with several values come last."""
        command = [
            sys.executable,
            *("-m", "snakemake", "--cores", "2", *arguments),
            *("--resources", "gpu=0"),
            *(["--configfile", self.layer] if self.layer else []),
        ]
        return {"args": command, "cwd": self.folder, "env": os.environ | {"HF_HUB_OFFLINE": "1"}}

    def snakemake(self, *arguments: str, **options) -> subprocess.CompletedProcess:
        """Run snakemake, with options of `subprocess.run`."""
        call = self.call(*arguments) | {"capture_output": True, "text": True} | options
        return subprocess.run(**call, timeout=600, check=False)

    def succeed(self, *arguments: str) -> str:
        """Run snakemake and return its output; fail with the output if it fails."""
        done = self.snakemake(*arguments)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
        return done.stdout + done.stderr

    def jobs(self, *arguments: str) -> dict[str, int]:
        """Return how many jobs of each rule a dry run would run, but for targets by name."""
        said = self.succeed("--dry-run", *arguments)
        table = said.split("Job stats:")[1].split("\n\n")[0] if "Job stats:" in said else ""
        rows = (line.split() for line in table.splitlines()[3:] if line.strip())
        return {name: int(count) for name, count in rows if name not in ("total", "default")}

    def planned(self, *arguments: str) -> set[str]:
        """Return the names of the rules that a dry run would run."""
        return set(self.jobs(*arguments))

    @property
    def results(self) -> Path:
        return self.folder / "results" / "tiny"


def merged(base: dict, layer: dict) -> dict:
    """Merge `layer` over `base` deeply, as Snakemake merges configurations."""
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
    "statistics": {"resamples": 50, "permutations": 99, "halves": 4},
    "spaces": {
        **dict.fromkeys(["autoencoder", "basic_vae", "conv_vae", "conv_vae_hybrid"], SHORT),
        **dict.fromkeys(["cond_vae", "cond_vae_language", "cond_vae_none"], SHORT),
        **dict.fromkeys(["independent_vae", "adaptive"], SHORT),
        # A map of any size takes ten seconds of compilation: two are enough here.
        **dict.fromkeys(["umap_pca", "umap_basic_vae", "umap_conv_vae", "umap_cond_vae"]),
    },
    "reduction": {"spaces": ["audio", "hybrid"]},
    "tuning": {"latent": [2, 4], "beta": [1.0, 4.0], "epochs": 2, "plateau_epochs": 4},
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

"""Measure the cost of each stage as a collection grows, from its features on, on two cores.

    make bench-growth BENCH_ARGS="--tracks 1000 3000 10000"

The features are synthetic: two languages, eighteen genres, songs of two clips, and a few latent
causes that are mixed into the columns of a published feature table. Each stage is a rule. Its cost
is the CPU time of all its jobs, and the memory of the largest, as Snakemake measures them.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

SAVED = Path("results/benchmarks/growth.json")
REPOSITORY = Path(__file__).resolve().parent.parent
CORES = 2
SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
GENRES = {"eng": 10, "bng": 8}
CAUSES = 12
SPACES = ("audio", "text", "hybrid", "pca", "basic_vae", "cond_vae", "audio_quantile", "umap_audio")
METHODS = (
    *("agglomerative", "hybrid_kmeans", "spectral", "cond_vae_kmeans", "pca_kmeans"),
    *("raw_kmeans", "basic_vae_kmeans", "quantile_ward", "quantile_gmm", "standard_ward", "random"),
)
TARGETS = (
    *("catalogue.parquet", "scores.parquet", "uncertainty.parquet", "near_duplicates.parquet"),
    *("tables/table2.csv", "tables/agreement.csv", "tables/internal.csv", "tables/language.csv"),
    *("tables/reduction.csv", "figures/umap_panel.png", "tracks.parquet"),
)


def feature_table(tracks: int, seed: int = 0) -> pd.DataFrame:
    """Make up a table in the schema of the CSV that Kaggle ships with GTZAN, with `language`.

    Songs scatter around their genre, and clips around their song. Genres have equal sizes.
    """
    rng = np.random.default_rng(seed)
    genres = [
        (language, f"{language}{n}") for language, many in GENRES.items() for n in range(many)
    ]
    songs = tracks // 2
    genre = np.arange(songs) % len(genres)
    causes = 1.2 * rng.normal(size=(len(genres), CAUSES))[genre] + rng.normal(size=(songs, CAUSES))
    song = np.repeat(np.arange(songs), 2)
    clips = causes[song] + 0.3 * rng.normal(size=(len(song), CAUSES))
    mixed = np.tanh(clips @ rng.normal(size=(CAUSES, 30)) / 2) + 0.2 * rng.normal(
        size=(len(song), 30)
    )
    table = pd.DataFrame(
        {
            "filename": [f"{genres[genre[one]][1]}.{n:07}.wav" for n, one in enumerate(song)],
            "length": 66149,
            "chroma_stft_var": 0.08 + 0.01 * mixed[:, 0],
            "rms_mean": 0.1 * np.exp(0.5 * mixed[:, 1]),
            "spectral_centroid_mean": 2000 + 500 * mixed[:, 2],
            "tempo": 120 * np.exp(0.3 * mixed[:, 3]),
        }
    )
    for n in range(13):
        table[f"mfcc{n + 1}_mean"] = 30 * mixed[:, 4 + n]
        table[f"mfcc{n + 1}_var"] = 100 * np.exp(mixed[:, 17 + n])
    table["label"] = [genres[one][1] for one in genre[song]]
    table["language"] = [genres[one][0] for one in genre[song]]
    table["song"] = [f"song{one}" for one in song]
    return table


def write_layer(folder: Path, tracks: int) -> Path:
    """Write a table of `tracks`, and a configuration for it: one seed, the main methods."""
    feature_table(tracks).to_parquet(folder / f"{tracks}.parquet")
    config = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text(encoding="utf-8"))
    layer = {
        "run": f"growth_{tracks}",
        "seeds": 1,
        "sources": [{"name": "made", "path": f"{tracks}.parquet"}],
        "balance": False,
        "text": {"model": "bundled"},
        "spaces": {name: None for name in config["spaces"] if name not in SPACES},
        "methods": [row for row in config["methods"] if row["name"] in METHODS],
        "statistics": {"resamples": 200, "permutations": 200, "halves": 4},
        "reduction": {"spaces": ["audio"]},
        "figures": {
            "umap_panel": [
                {"title": "Raw K-Means", "map": "umap_audio", "colour": "raw_kmeans"},
                {"title": "Language", "map": "umap_audio", "colour": "language"},
            ],
            "reconstructions": {"networks": ["basic_vae", "cond_vae"]},
        },
    }
    path = folder / f"{tracks}.yaml"
    path.write_text(yaml.safe_dump(layer), encoding="utf-8")
    return path


def run(folder: Path, tracks: int) -> dict[str, dict[str, float]]:
    """Compute the targets for `tracks`; return seconds and megabytes of each rule."""
    results = f"results/growth_{tracks}"
    command = [
        *(sys.executable, "-m", "snakemake", *(f"{results}/{name}" for name in TARGETS)),
        *("--snakefile", REPOSITORY / "Snakefile", "--directory", folder, "--cores", str(CORES)),
        *("--resources", "gpu=0", "--configfile", write_layer(folder, tracks)),
    ]
    environment = os.environ | {"HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        sys.exit(done.stdout[-2000:] + done.stderr[-4000:])
    return costs(folder / results / "benchmarks")


def costs(benchmarks: Path) -> dict[str, dict[str, float]]:
    """Return CPU seconds and largest memory, MB, of each rule, from its jobs' benchmarks."""
    rules = [path.stem for path in (REPOSITORY / "workflow/scripts/adapters").glob("*/*.py")]
    rows: dict[str, dict[str, float]] = defaultdict(lambda: {"seconds": 0.0, "megabytes": 0.0})
    for path in sorted(benchmarks.glob("*.tsv")):
        rule = max((name for name in rules if path.stem.startswith(name)), key=len)
        with path.open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                rows[rule]["seconds"] += float(row["cpu_time"])
                largest = float(row["max_rss"]) if row["max_rss"] not in ("NA", "-") else 0.0
                rows[rule]["megabytes"] = max(rows[rule]["megabytes"], largest)
    return dict(rows)


def markdown(measured: dict[int, dict[str, dict[str, float]]]) -> str:
    """Return a Markdown table: seconds of each stage by number of tracks, their sum, and memory."""
    sizes = list(measured)
    last = measured[sizes[-1]]
    stages = sorted(last, key=lambda rule: -last[rule]["seconds"])
    lines = [["stage", *(f"{size:,}" for size in sizes)], ["---", *["---:"] * len(sizes)]]
    for rule in stages:
        lines.append([f"`{rule}`", *(f"{measured[size][rule]['seconds']:.0f}" for size in sizes)])
    every = [sum(row["seconds"] for row in measured[size].values()) for size in sizes]
    peak = [max(row["megabytes"] for row in measured[size].values()) for size in sizes]
    lines.append(["**all, s of CPU**", *(f"{one:.0f}" for one in every)])
    lines.append(["**largest job, GB**", *(f"{one / 1000:.1f}" for one in peak)])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> None:
    """Run the benchmark, and print and save its table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--tracks", type=int, nargs="+", default=SIZES, help="(default: %(default)s)"
    )
    chosen = parser.parse_args()
    measured = {}
    with tempfile.TemporaryDirectory() as scratch:
        for tracks in chosen.tracks:
            measured[tracks] = run(Path(scratch), tracks)
            print(f"{tracks} tracks are done", file=sys.stderr)
    SAVED.parent.mkdir(parents=True, exist_ok=True)
    SAVED.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    print(markdown(measured), end="")


if __name__ == "__main__":
    main()

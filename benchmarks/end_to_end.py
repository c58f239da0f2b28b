"""Time the paper's tables and figures against a notebook that computes the same, on two cores.

    make bench-end-to-end BENCH_ARGS="--clips 2000 --rounds 3"

The paper is computed with one seed and with five. `--everything` also computes all other results
once, with five seeds; then it times a run that finds nothing to do, and a run that draws one
figure again. Caches are warm.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import soundfile
import yaml

import timing
from hybridmusic.demo import synthesis

SAVED = Path("results/benchmarks/end_to_end.json")
REPOSITORY = Path(__file__).resolve().parent.parent
CORES = 2
PAPER = (
    *("agglomerative", "hybrid_kmeans", "dbscan_umap", "dbscan_original", "autoencoder_kmeans"),
    *("spectral", "cond_vae_kmeans", "pca_kmeans", "conv_vae_kmeans", "raw_kmeans"),
    "basic_vae_kmeans",
)
# Spaces of the configuration that are in neither the paper nor the notebook.
BEYOND_PAPER = (
    *("conv_vae_hybrid", "cond_vae_language", "cond_vae_none", "independent_vae", "adaptive"),
    *("audio_quantile", "audio_by_language", "audio_quantile_by_language"),
)
OF_PAPER = (
    *("figures/umap_panel.png", "figures/umap_panel.pdf", "figures/reconstructions.png"),
    *("figures/reconstructions.pdf", "figures/genre_distribution.png"),
    *("figures/genre_distribution.pdf", "tables/table2.csv", "tables/table2_genres.csv"),
)


def write_corpus(folder: Path, clips: int) -> None:
    """Write about `clips` of the demo's synthetic clips as <language>/<genre>/<clip>."""
    times = max(1, round(clips / 400))
    songs = {language: times * count for language, count in synthesis.SONGS.items()}
    for clip in synthesis.corpus(42, songs):
        path = folder / clip.language / clip.genre / f"{clip.song}.{clip.clip}.flac"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, clip.samples, synthesis.SAMPLE_RATE, subtype="PCM_16")


def write_layer(folder: Path, run: str, seeds: int, paper_alone: bool) -> None:
    """Write a configuration for the corpus in `folder`: all methods, or the paper's alone."""
    pattern = r"^(.*)\.\d+\.flac$"
    sources = [
        {"name": name, "language": name, "path": f"music/{name}", "song": pattern}
        for name in ("english", "bangla")
    ]
    layer = {"run": run, "seeds": seeds, "sources": sources, "balance": False}
    layer |= {"text": {"model": "bundled"}, "audio": {"shards": CORES}}
    if paper_alone:
        config = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text(encoding="utf-8"))
        layer["methods"] = [row for row in config["methods"] if row["name"] in PAPER]
        layer["statistics"] = {"baselines": ["raw_kmeans", "pca_kmeans"]}
        layer["spaces"] = dict.fromkeys(BEYOND_PAPER)
        # As little as possible, because the notebook compares no reductions.
        layer["reduction"] = {"spaces": ["audio"], "clusterers": ["kmeans"]}
    (folder / f"{run}.yaml").write_text(yaml.safe_dump(layer), encoding="utf-8")


def snakemake(folder: Path, run: str, *arguments: str) -> None:
    """Call snakemake on a configuration in `folder`; exit if it fails."""
    command = [
        *(sys.executable, "-m", "snakemake", *arguments, "--snakefile", REPOSITORY / "Snakefile"),
        *("--directory", folder, "--cores", str(CORES), "--resources", "gpu=0"),
        *("--configfile", folder / f"{run}.yaml"),
    ]
    quietly(command)


def notebook(folder: Path) -> None:
    """Run the notebook; its libraries may use both cores."""
    quietly([sys.executable, REPOSITORY / "benchmarks/notebook.py", folder / "music", folder / "n"])


def quietly(command: list) -> None:
    """Run a command; print its output and exit if it fails."""
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "MPLBACKEND": "agg"}
    environment |= dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"], str(CORES))
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        sys.exit(done.stdout[-2000:] + done.stderr[-4000:])


def of_paper(run: str) -> list[str]:
    """Return the paths of a run's tables and figures that are in the paper."""
    return [f"results/{run}/{name}" for name in OF_PAPER]


def from_nothing(folder: Path, run: str, *targets: str) -> Callable[[], None]:
    """Return a call that deletes all results and computes the targets of a run."""

    def compute() -> None:
        shutil.rmtree(folder / "results", ignore_errors=True)
        shutil.rmtree(folder / ".snakemake", ignore_errors=True)
        snakemake(folder, run, *targets)

    return compute


def seconds_of(work: Callable[[], None]) -> float:
    """Return the seconds that a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def everything(folder: Path, rounds: int, plain: float) -> list[dict]:
    """Time all results once, then repeated runs that find nothing to do, or one figure to draw."""
    whole = seconds_of(from_nothing(folder, "whole", "all"))
    panel = "results/whole/figures/umap_panel.png"
    idle, figure = [], []
    for _ in range(rounds):
        idle.append(seconds_of(lambda: snakemake(folder, "whole", "all", "--dry-run")))
        (folder / panel).unlink()
        figure.append(seconds_of(lambda: snakemake(folder, "whole", panel)))
    return [
        timing.row("everything, five seeds: share of the notebook's time", [whole / plain]),
        timing.row("s to find nothing to do", idle),
        timing.row("s to draw one figure again", figure),
    ]


def main() -> None:
    """Run the benchmark, and print and save its table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clips", type=int, default=2000, help="about how many (default: 2000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often (default: 3)")
    parser.add_argument("--everything", action="store_true", help="also all other results, once")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_corpus(folder / "music", chosen.clips)
        write_layer(folder, "paper", seeds=1, paper_alone=True)
        write_layer(folder, "five", seeds=5, paper_alone=True)
        write_layer(folder, "whole", seeds=5, paper_alone=False)
        ways = {
            "notebook": lambda: notebook(folder),
            "paper": from_nothing(folder, "paper", *of_paper("paper")),
            "five": from_nothing(folder, "five", *of_paper("five")),
        }
        seconds = timing.alternate(ways, chosen.rounds)
        plain = seconds["notebook"]
        rows = [
            timing.row(
                f"the paper, {seeds}: share of the notebook's time",
                timing.ratios(seconds[run], plain),
            )
            for run, seeds in (("paper", "one seed"), ("five", "five seeds"))
        ]
        if chosen.everything:
            rows += everything(folder, chosen.rounds, statistics.median(plain))
    rows.append(timing.row("s of the notebook", plain))
    timing.report(rows, SAVED)


if __name__ == "__main__":
    main()

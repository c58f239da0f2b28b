"""Measure how often 90 % intervals of agreement cover the truth, on fresh synthetic corpora.

    make coverage BENCH_ARGS="--corpora 25"

Each corpus is a new one of the demo's synthesiser. A method's true score is its mean over the
other corpora. Every corpus is a run of the workflow, with its own intervals.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
import soundfile
import yaml

from hybridmusic.demo import recipes, synthesis

SAVED = Path("results/benchmarks/coverage.parquet")
REPOSITORY = Path(__file__).resolve().parent.parent
FIRST = 1000  # seed of the first corpus; the demo's own is 42
PLAIN = ("raw_kmeans", "standard_ward", "quantile_ward", "quantile_gmm")
LEARNED = ("basic_vae_kmeans", "conv_vae_kmeans", "independent_vae_kmeans")
METRICS = ("nmi", "ari")
T = 1.729  # of 20 splits, in intervals of 90 %


def compose(folder: Path, seed: int) -> list[dict]:
    """Write the clips of a corpus, and return its sources."""
    for clip in synthesis.corpus(seed):
        path = folder / clip.language / clip.genre / f"{clip.song}.{clip.clip}.flac"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, clip.samples, synthesis.SAMPLE_RATE, subtype="PCM_16")
    song = r"^(.*)\.\d+\.flac$"
    return [
        {"name": name, "language": name, "path": str(folder / name), "song": song}
        for name in recipes.GENRES
    ]


def intervals(scratch: Path, seed: int, cores: int) -> pd.DataFrame:
    """Run the workflow on a corpus and return its table of the kind `uncertainty`."""
    folder = scratch / str(seed)
    config = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text(encoding="utf-8"))
    layer = yaml.safe_load((REPOSITORY / "config/demo.yaml").read_text(encoding="utf-8"))
    layer |= {
        "run": "coverage",
        "sources": compose(folder / "music", seed),
        "methods": [row for row in config["methods"] if row["name"] in (*PLAIN, *LEARNED)],
        "statistics": {"permutations": 20, "baselines": list(PLAIN)},
    }
    path = folder / "coverage.yaml"
    path.write_text(yaml.safe_dump(layer), encoding="utf-8")
    command = [
        *(sys.executable, "-m", "snakemake", "results/coverage/uncertainty.parquet"),
        *("--snakefile", REPOSITORY / "Snakefile", "--directory", folder, "--cores", str(cores)),
        *("--resources", "gpu=0", "--configfile", path),
    ]
    environment = os.environ | {"HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        sys.exit(done.stdout[-2000:] + done.stderr[-4000:])
    table = pd.read_parquet(folder / "results/coverage/uncertainty.parquet")
    shutil.rmtree(folder)
    return table.assign(corpus=seed)


def covered(measured: pd.DataFrame) -> pd.DataFrame:
    """Return whether each interval holds the mean over the other corpora.

    One row per corpus, method, k, metric, and level or difference, with `covers`, `covers_all` of
    the interval for all methods together, and `error`, the standard error over the true standard
    deviation.
    """
    parts = []
    measured = measured[measured["metric"].isin(METRICS)]
    for (method, k, metric), table in measured.groupby(["method", "k", "metric"]):
        for name, prefix in (("value", ""), ("difference", "difference_")):
            rows = table[table[name].notna()]
            values = rows[name]
            if len(values) < 3:
                continue
            truth = (values.sum() - values) / (len(values) - 1)
            part = {"method": method, "k": k, "metric": metric, "of": name}
            part |= {"corpus": rows["corpus"]}
            for ending in ("", "_all"):
                low, high = rows[f"{prefix}low{ending}"], rows[f"{prefix}high{ending}"]
                part[f"covers{ending}"] = ((low <= truth) & (truth <= high)).astype(float)
            half = (rows[f"{prefix}high"] - rows[f"{prefix}low"]) / 2
            part["error"] = half / T / values.std()
            parts.append(pd.DataFrame(part))
    return pd.concat(parts)


def markdown(table: pd.DataFrame) -> str:
    """Return a Markdown table: coverage of plain and learned methods, by k and metric.

    Coverage has its standard error over corpora, whose methods share their music.
    """
    table = table.assign(kind=["learned" if m in LEARNED else "plain" for m in table["method"]])
    names = {"value": "levels", "difference": "paired differences"}
    lines = [
        "| methods | interval of | k | metric | covers | covers, all together | error / true sd |",
        "| --- | --- | ---: | --- | ---: | ---: | ---: |",
    ]
    for (of, kind, k, metric), group in table.groupby(["of", "kind", "k", "metric"]):
        by_corpus = group.groupby("corpus")[["covers", "covers_all"]].mean()
        covers, together = by_corpus.mean()
        error = by_corpus["covers"].sem()
        cells = [kind, names[of], str(k), metric.upper(), f"{covers:.2f} ± {error:.2f}"]
        cells += [f"{together:.2f}", f"{group['error'].mean():.2f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run the study, and print and save its table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpora", type=int, default=25, help="(default: %(default)s)")
    parser.add_argument("--cores", type=int, default=2, help="(default: %(default)s)")
    chosen = parser.parse_args()
    measured = []
    with tempfile.TemporaryDirectory() as scratch:
        for seed in range(FIRST, FIRST + chosen.corpora):
            measured.append(intervals(Path(scratch), seed, chosen.cores))
            print(f"{len(measured)} of {chosen.corpora} corpora", file=sys.stderr, flush=True)
            SAVED.parent.mkdir(parents=True, exist_ok=True)
            pd.concat(measured).to_parquet(SAVED)
    print(markdown(covered(pd.concat(measured))), end="")


if __name__ == "__main__":
    main()

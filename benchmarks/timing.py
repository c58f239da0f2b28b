"""Time alternative computations in turn.

On a shared machine seconds vary; the ratio of two computations right after each other varies less.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import median

SUMMARY = ("minimum", "median", "maximum")


def alternate(
    ways: Mapping[str, Callable[[], object]],
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Time each way in each round, in turn, after one round to warm up; return seconds by way."""
    for way in ways.values():
        way()
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            started = clock()
            way()
            seconds[name].append(clock() - started)
    return seconds


def ratios(slow: Iterable[float], fast: Iterable[float]) -> list[float]:
    """Return how many times as long `slow` took as `fast`, round by round."""
    return [a / b for a, b in zip(slow, fast, strict=True)]


def row(measure: str, values: Iterable[float]) -> dict[str, str | float]:
    """Return a row of a table: minimum, median and maximum of a measure."""
    values = [float(value) for value in values]
    summary = (min(values), median(values), max(values))
    return {"measure": measure, **dict(zip(SUMMARY, summary, strict=True))}


def markdown(rows: Iterable[Mapping]) -> str:
    """Return rows as a Markdown table."""
    lines = [["measure", *SUMMARY], ["---", *["---:"] * len(SUMMARY)]]
    lines += [[row["measure"], *(f"{row[name]:.2f}" for name in SUMMARY)] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def report(rows: list[dict], path: str | Path) -> None:
    """Print the rows, and save them as JSON."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    print(markdown(rows), end="")

"""Ways of doing the same, timed side by side.

On a machine that others use too, seconds say little; how many times as long one way takes as
another, right after it, says much more.
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
    """Seconds that each of `ways` takes in each of `rounds`, in turn, after one to warm up."""
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
    """How many times as long the one took as the other, round by round."""
    return [a / b for a, b in zip(slow, fast, strict=True)]


def row(measure: str, values: Iterable[float]) -> dict[str, str | float]:
    """A row of a table: the smallest, the middle and the largest of the values of a measure."""
    values = [float(value) for value in values]
    found = (min(values), median(values), max(values))
    return {"measure": measure, **dict(zip(SUMMARY, found, strict=True))}


def markdown(rows: Iterable[Mapping]) -> str:
    """Rows as a Markdown table."""
    lines = [["measure", *SUMMARY], ["---", *["---:"] * len(SUMMARY)]]
    lines += [[row["measure"], *(f"{row[name]:.2f}" for name in SUMMARY)] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def report(rows: list[dict], path: str | Path) -> None:
    """Print the rows, and save them as JSON."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    print(markdown(rows), end="")

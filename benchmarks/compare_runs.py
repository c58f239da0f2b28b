"""Compare the files of two runs byte by byte, to show that a change of the code changes no number.

    python benchmarks/compare_runs.py OLD/results/demo results/demo

Files of numbers, such as Parquet, CSV and safetensors, have to be the same. Files of words may be
reworded: they are compared by the numbers in them. Exits with 1 if a number differs, or if a file
is in one run alone.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from pathlib import Path

# Files that say when, where and by which versions a run was made, and a cache with keys of code.
ASIDE = ("logs/*", "benchmarks/*", "features/known/*", "config.yaml", "software.csv", "report.html")
WORDS = {".md", ".tex", ".html", ".json", ".rst", ".js", ".css"}
# Figures have words too, and no numbers that could be read back.
DRAWN = {".png", ".pdf"}
NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.]*\w)")


def files(run: Path, renamed: dict[str, str]) -> dict[str, Path]:
    """Return the files of a run by their path below it, old parts of a path by their new names."""
    found = {}
    for path in sorted(path for path in run.rglob("*") if path.is_file()):
        name = path.relative_to(run)
        if not any(name.match(pattern) or pattern[:-1] in f"{name}" for pattern in ASIDE):
            found[re.sub(r"\w+", lambda match: renamed.get(match[0], match[0]), str(name))] = path
    return found


def numbers(path: Path) -> Counter[str]:
    """Return how often each number stands in a text."""
    return Counter(NUMBER.findall(path.read_text(encoding="utf-8")))


def verdict(old: Path, new: Path) -> str:
    """Return `same bytes`, `other words`, `drawn otherwise` or `OTHER NUMBERS` for two files."""
    if old.read_bytes() == new.read_bytes():
        return "same bytes"
    if old.suffix in DRAWN:
        return "drawn otherwise"
    if old.suffix in WORDS and numbers(old) == numbers(new):
        return "other words"
    return "OTHER NUMBERS"


def main() -> int:
    """Print every file that is not the same, and how many of each kind there are."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", type=Path, help="folder of the earlier run")
    parser.add_argument("new", type=Path, help="folder of the later run")
    parser.add_argument(
        *("--renamed", "-r"),
        default=[],
        nargs="*",
        metavar="OLD=NEW",
        help="renamed parts of paths",
    )
    arguments = parser.parse_args()
    old = files(arguments.old, dict(pair.split("=") for pair in arguments.renamed))
    new = files(arguments.new, {})
    verdicts = {name: verdict(old[name], new[name]) for name in sorted(old.keys() & new.keys())}
    verdicts |= dict.fromkeys(sorted(old.keys() - new.keys()), "ONLY OLD")
    verdicts |= dict.fromkeys(sorted(new.keys() - old.keys()), "ONLY NEW")
    for name, said in verdicts.items():
        if said != "same bytes":
            print(f"{said:15} {name}")
    for said, count in Counter(verdicts.values()).most_common():
        print(f"{count:5} files: {said}")
    return any(said.isupper() for said in verdicts.values())


if __name__ == "__main__":
    sys.exit(main())

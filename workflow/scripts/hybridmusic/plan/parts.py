"""Files that a study and a figure consist of; docs/plugins.md has a template of each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from hybridmusic import kinds
from hybridmusic.plan import contracts

WORKFLOW = Path(__file__).parents[3]
# The files of a study, relative to the workflow's folder.
STUDY = (
    "rules/studies/{name}.smk",
    "report/tables/{name}.rst",
    "scripts/adapters/tables/tabulate_{name}.py",
)
# The files of a figure, in addition to its module.
FIGURE = ("scripts/adapters/figures/draw_{name}.py", "report/figures/{name}.rst")


def mistakes_of_figures() -> list[str]:
    """Return a sentence for every figure of a rule that lacks its module, adapter or caption."""
    rules = [*WORKFLOW.glob("rules/*.smk"), *WORKFLOW.glob("rules/studies/*.smk")]
    declared = re.findall(r'\bfigure\(\s*"(\w+)"', "".join(map(_text, sorted(rules))))
    sentences = []
    for name in dict.fromkeys(declared):
        if name in kinds.kinds("figures"):
            sentences += contracts.mistakes("figures", name)
        else:
            sentences.append(f"figures/{name}.py is missing, a part of the figure {name!r}")
        sentences += _missing(f"the figure {name!r}", FIGURE, name)
    return sentences


def mistakes_of_study(name: str) -> list[str]:
    """Return a sentence for every part of a study that is missing or has another name."""
    rules, _, adapter = (part.format(name=name) for part in STUDY)
    sentences = _missing(f"the study {name!r}", STUDY, name)
    if text := _text(WORKFLOW / rules):
        sheets = re.findall(r'\bsheet\(\s*"(\w+)"', text)
        if name not in sheets:
            others = f"; it declares {', '.join(sheets)}" if sheets else ""
            sentences.append(f'{rules} declares no table with sheet("{name}", ...){others}')
        if adapter not in text:
            sentences.append(f"{rules} has no rule with the script {adapter}")
    text = _text(WORKFLOW / adapter)
    if text and not re.search(r"^def main\(snakemake\)", text, re.M):
        sentences.append(f"{adapter}: the function main(snakemake) is missing")
    return sentences


def _missing(noun: str, parts: Iterable[str], name: str) -> list[str]:
    files = [part.format(name=name) for part in parts]
    return [
        f"{file} is missing, a part of {noun}" for file in files if not (WORKFLOW / file).exists()
    ]


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""

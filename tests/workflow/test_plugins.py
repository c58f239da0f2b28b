"""Plug-ins that are made from the templates of docs/plugins.md run in the workflow."""

import re

import pandas as pd
from project import REPOSITORY

PAGE = (REPOSITORY / "docs/plugins.md").read_text()
# The files of each template; those of a study and its figure have parts of the same file.
TEMPLATES = re.findall(r"^`(workflow/\S+)`\n\n```\w+\n(.*?)^```", PAGE, re.M | re.S)
OTHERS = ("blocks", "transforms", "networks", "descriptors")


def test_a_clusterer_a_study_and_a_figure_run_from_their_templates(copied):
    for name, text in TEMPLATES:
        path = copied.folder / name
        if path.parent.name not in OTHERS:
            path.write_text((path.read_text() if path.exists() else "") + text)
    method = {"name": "mine", "label": "Mine", "task": "Own", "space": "audio"}
    methods = [method | {"clusterer": "example"}]
    copied.write_config(balance=False, studies=["example"], methods=methods)
    files = ["tables/example.csv", "figures/example.png", "clusterings/mine.parquet"]
    copied.succeed(*(f"results/tiny/{name}" for name in files))
    counts = pd.read_csv(copied.results / "tables/example.csv").set_index("language")
    assert counts["clips"].to_dict() == {"bangla": 13, "english": 13}
    clusters = pd.read_parquet(copied.results / "clusterings/mine.parquet")
    assert set(clusters["k"]) == {3, 6}
    assert (copied.results / "figures/example.png").stat().st_size > 0


def test_a_plug_in_with_a_misspelt_piece_is_named_before_any_job(copied):
    path = copied.folder / "workflow/scripts/hybridmusic/clusterers/ward.py"
    path.write_text(path.read_text().replace("NEEDS_K =", "NEED_K ="))
    done = copied.snakemake("--dry-run")
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "clusterers/ward.py: NEED_K is not known (did you mean 'NEEDS_K'?)" in said
    assert "Traceback" not in said

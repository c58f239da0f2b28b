"""The workflow as a module of somebody else's: as it is, renamed, and below a prefix."""

import pytest
import yaml
from project import Project

SNAKEFILE = """\
configfile: "mine.yaml"


module music:
    snakefile:
        "../project/workflow/Snakefile"
    config:
        config
{prefix}

use rule * from music{names}
"""
VARIANTS = {
    "as it is": ("", "", ""),
    "renamed": ("", " as music_*", "music_"),
    "with a prefix": ('    prefix: "below"\n', " as music_*", "music_"),
}


@pytest.fixture(params=VARIANTS)
def other(request, project):
    """Return the tiny project seen from a folder that uses it, the rules' prefix, and results."""
    prefix, names, name = VARIANTS[request.param]
    folder = project.folder.parent / "other"
    folder.mkdir()
    (folder / "Snakefile").write_text(SNAKEFILE.format(prefix=prefix, names=names))
    source = {"name": "en", "language": "english", "path": "../project/music/english"}
    layer = {"recipe": "map", "run": "mine", "sources": [source | {"song": "file"}]}
    (folder / "mine.yaml").write_text(yaml.safe_dump(layer))
    return Project(folder, layer=None), name, folder / ("below" if prefix else "") / "results/mine"


def test_a_module_plans_and_makes_what_the_workflow_does(other):
    project, name, results = other
    planned = project.planned(f"{name}all")
    assert {
        f"{name}{rule}" for rule in ("list_tracks", "cluster_space", "build_explorer")
    } <= planned
    assert not any("network" in rule for rule in planned)
    project.succeed(f"{name}features")
    assert (results / "features.parquet").exists()
    assert project.planned(f"{name}features") == set()

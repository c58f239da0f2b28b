"""Jobs in an environment of conda: nested scripts find the package from another interpreter.

A stand-in for conda makes an environment that is a link to the tests' own; that the real one
installs the pinned versions is for whoever has it to see.
"""

import os
import sys
from pathlib import Path

STAND_IN = f"""\
#!{sys.executable}
import json, os, pathlib, sys

words = sys.argv[1:]
if words[:1] == ["--version"]:
    print("conda 26.1.0")
elif words[:1] == ["info"]:
    print(json.dumps({{"conda_prefix": {{prefix!r}}, "platform": "linux-64"}}))
elif words[:1] == ["clean"]:
    pass
elif words[:1] == ["config"]:
    print(json.dumps({{"get": {{"channel_priority": "strict"}}}}))
elif words[:2] == ["env", "create"]:
    file = next(word for word in words if word.endswith((".yaml", ".yml")))
    assert "graspologic-native==" in pathlib.Path(file).read_text()
    folder = pathlib.Path(words[words.index("--prefix") + 1], "bin")
    folder.mkdir(parents=True)
    pathlib.Path(folder, "python").symlink_to({sys.executable!r})
else:
    sys.exit(f"no stand-in for conda {{' '.join(words)}}")
"""
ACTIVATE = 'export PATH="$1/bin:$PATH" CONDA_PREFIX="$1" IN_CONDA="$1"\n'


def test_nested_scripts_run_in_an_environment_of_conda(project, tmp_path):
    folder = tmp_path / "conda" / "bin"
    folder.mkdir(parents=True)
    (folder / "conda").write_text(STAND_IN.replace("{prefix!r}", repr(str(folder.parent))))
    (folder / "conda").chmod(0o755)
    (folder / "activate").write_text(ACTIVATE)
    environment = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "HF_HUB_OFFLINE": "1"}
    target = "results/tiny/tables/associations.md"
    done = project.snakemake(target, "--sdm", "conda", env=environment)
    assert done.returncode == 0, done.stderr[-3000:]
    assert (project.folder / target).exists()
    environments = list(Path(project.folder, ".snakemake/conda").glob("*/bin/python"))
    assert len(environments) == 1
    assert f"Activating conda environment: .snakemake/conda/{environments[0].parents[1].name}" in (
        done.stdout + done.stderr
    )

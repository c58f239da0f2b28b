# Reads the configuration, checks it and plans the run; and what rules of every stage share.
import os
import sys
from collections import defaultdict
from pathlib import Path

import yaml

WORKFLOW = Path(str(workflow.current_basedir)).parent
sys.path.insert(0, str(WORKFLOW / "scripts"))

from hybridmusic import kinds
from hybridmusic.errors import ConfigError, OutputError
from hybridmusic.plan import folders, modules
from hybridmusic.plan import spaces as facts
from hybridmusic.plan.assign import Placing
from hybridmusic.plan.audit import Audit
from hybridmusic.plan.inputs import Inputs, line
from hybridmusic.plan.loading import load
from hybridmusic.plan.paths import *
from hybridmusic.plan.refits import Refits
from hybridmusic.plan.run import one_of
from hybridmusic.tracks import files
from snakemake.exceptions import WorkflowError
from snakemake.logging import logger
from snakemake.settings.types import DeploymentMethod

try:
    plan = load(config, workflow.config_settings.config, WORKFLOW)
except ConfigError as error:
    raise WorkflowError(f"Configuration:\n{error}") from None
for sentence in plan.left_out:
    logger.warning(sentence)
config.clear()
config.update(plan.config)
inputs = Inputs(plan)
placing, refits = Placing(inputs), Refits(inputs)


pathvars:
    results=plan.results,
    logs=f"{plan.results}/logs",
    benchmarks=f"{plan.results}/benchmarks",


wildcard_constraints:
    dataset=one_of(FETCHED),
    shard=r"\d+",
    set=one_of(config["audio"]["also"]),
    graph=one_of(plan.graphs),
    method=one_of(plan.methods),
    table=one_of(plan.tables),
    latent=one_of(map(str, config["tuning"]["latent"])),


# Checked here, so that dry runs and everything that is done already need no permission.
onstart:
    try:
        folders.check_writable(plan.results)
    except OutputError as error:
        raise WorkflowError(str(error)) from None


# Jobs that more others wait for start first; otherwise cores idle while the last space is made.
AHEAD = {"sentences": 3, "spaces": 2, "clusterings": 1}
SHARDS = range(config["audio"]["shards"])
# How a clip is cut and decoded, for every rule that reads sound.
CLIP = {
    name: config["audio"][name]
    for name in ("clip_seconds", "min_seconds", "decode_seconds", "decode_megabytes")
}
# The share of songs that networks are scored on without training on them.
HELD_OUT = 0.2
# Tables and figures by the study that they are of, as sheet() and figure() declare them.
TABLES, FIGURES = defaultdict(list), defaultdict(list)


def code(script, *also):
    """The modules that a script depends on, as input, so that editing one makes outputs stale."""
    return [local(path) for path in modules.code(script, *also)]


def code_of_space(script):
    """The modules that a script depends on for a space, whose kind decides what is loaded."""
    return lambda wildcards: code(script, *plan.modules_of(wildcards.space))


def sheet(name, title, caption=None):
    """The outputs of a table in every form; the table of a study has the study's name."""
    path = f"<results>/tables/{name}"
    files = {
        "csv": f"{path}.csv",
        "md": f"{path}.md",
        "tex": f"{path}.tex",
        "words": f"{path}.json",
    }
    TABLES[name] += [*files.values(), f"{path}.html"]
    caption = f"tables/{caption or name}.rst"
    return files | {"html": page(f"{path}.html", caption, "1 Tables", "table", title)}


def figure(name, title, study=None):
    """The outputs of a figure, which is of the study of its name unless another is given."""
    png, pdf = (f"<results>/figures/{name}.{form}" for form in ("png", "pdf"))
    FIGURES[study or name] += [png, pdf]
    return {"png": page(png, f"figures/{name}.rst", "2 Figures", "figure", title), "pdf": pdf}


def page(path, caption, category, label, title):
    """A file as a page of the report; its title may be a function of wildcards."""
    labels = (lambda wildcards: {label: title(wildcards)}) if callable(title) else {label: title}
    caption = str(WORKFLOW / "report" / caption)
    return report(path, caption=caption, category=category, labels=labels)

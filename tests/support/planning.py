"""Plans of configurations that differ from the paper's."""

from __future__ import annotations

import yaml
from project import REPOSITORY, merged

from hybridmusic.plan.run import Plan

PAPER = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text())
# A layer that requests nothing.
NOTHING = {
    **{"methods": [], "show": [], "tables": [], "studies": [], "reference": None},
    "figures": {"umap_panel": [], "reconstructions": None, "genre_distribution": None},
}


def plan(*layers: dict, **options) -> Plan:
    """Return the plan of the paper's configuration with layers over it."""
    config = PAPER
    for layer in layers:
        config = merged(config, layer)
    return Plan(config, **options)


def method(space: str, name: str = "m", clusterer: str = "kmeans") -> dict:
    """Return a row of `methods`."""
    return {"name": name, "label": name, "task": "Own", "space": space, "clusterer": clusterer}

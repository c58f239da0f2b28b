"""Fixtures: tiny collections of sound, and the workflow run on them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from filelock import FileLock
from project import Project
from samples import RATE


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a new tiny project: 2 languages with 3 genres of 4 clips, nothing computed."""
    return Project.create(tmp_path / "project")


@pytest.fixture(scope="session")
def shared(tmp_path_factory, worker_id: str) -> Path:
    """Return a folder that all processes of the tests share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="module")
def librosa_alone(shared: Path) -> Iterator[None]:
    """No other process asks librosa anything meanwhile.

    On a new machine numba compiles for it, into one cache, which is not made for two processes
    that write it at once: one of them may crash.
    """
    with FileLock(shared / "librosa.lock"):
        yield


@pytest.fixture(scope="session")
def computed(shared: Path) -> Project:
    """Return a tiny project that was run whole, once for all processes; tests only read it."""
    folder, done = shared / "computed" / "project", shared / "computed" / "done"
    with FileLock(shared / "computed.lock"):
        if not done.exists():
            project = Project.create(folder)
            # Two things that a collection has: a file that is none, and a silent clip.
            (folder / "music/english/blues/broken.wav").write_bytes(b"not sound")
            soundfile.write(folder / "music/bangla/Folk/9.wav", np.zeros(2 * RATE), RATE)
            project.write_config(balance=False)
            project.succeed()
            done.touch()
    return Project(folder)


@pytest.fixture
def copied(computed: Project, tmp_path: Path) -> Project:
    """Return a copy of the computed project, free to change."""
    folder = tmp_path / "project"
    shutil.copytree(computed.folder, folder, symlinks=True)
    return Project(folder)

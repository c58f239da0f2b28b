"""Runs that are killed, stopped or not allowed to write: what is left, and how they go on."""

import base64
import ctypes
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
from project import REPOSITORY, Project

from hybridmusic.errors import OutputError
from shared import job

PATIENCE = 300  # s, until anything waited for counts as lost
KMEANS = [f"results/tiny/clusterings/{name}_kmeans.parquet" for name in ("raw", "pca", "hybrid")]


@pytest.fixture(autouse=True)
def heeds_ctrl_c():
    """Let Ctrl-C reach what is started here; a background job of a shell would ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def undo(project: Project, clusterings: list[str]) -> None:
    """Delete these clusterings."""
    for path in map(project.folder.joinpath, clusterings):
        path.unlink()


def wait_until(true: Callable) -> None:
    """Wait until `true()` is."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.02)


def start(project: Project, *arguments: str) -> subprocess.Popen:
    """Start snakemake as the head of a group of processes, as a shell does."""
    with (project.folder / "said.log").open("w") as said:
        call = project.call(*arguments)
        return subprocess.Popen(**call, stdout=said, stderr=said, start_new_session=True)


def said(project: Project) -> str:
    """Return the output of the snakemake that was started last."""
    return (project.folder / "said.log").read_text()


def family(run: subprocess.Popen) -> list[psutil.Process]:
    """All processes that a run has started, and these in turn."""
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(run.pid).children(recursive=True)
    return []


def jobs(run: subprocess.Popen) -> list[psutil.Process]:
    """Return the processes of the scripts that a run is executing now."""
    found = []
    for process in family(run):
        with suppress(psutil.NoSuchProcess):
            if "/.snakemake/scripts/" in " ".join(process.cmdline()):
                found.append(process)
    return found


def hit(run: subprocess.Popen, number: signal.Signals) -> bool:
    """Signal the whole group at one instant and see it die; False if the run was over before."""
    started = family(run)
    with suppress(ProcessLookupError):
        os.killpg(run.pid, number)
    run.wait(PATIENCE)
    wait_until(lambda: not alive(run.pid, started))
    return run.returncode != 0


def wait_for_outputs(project: Project, run: subprocess.Popen, number: int) -> None:
    """Wait until so many outputs are finished, or until the run is over."""
    wait_until(lambda: run.poll() is not None or len(finished(project)) >= number)


def alive(session: int, processes: list[psutil.Process]) -> list[psutil.Process]:
    """Which of a session, and of `processes` if one of these left it, still run."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            ours = os.getsid(process.pid) == session or process in processes
            if ours and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def books(project: Project, kind: str) -> dict[str, Path]:
    """Return Snakemake's records of outputs, `metadata` or `incomplete`, by output."""
    folder = project.folder / ".snakemake" / kind
    return {base64.urlsafe_b64decode(path.name).decode(): path for path in folder.glob("*")}


def finished(project: Project) -> dict[str, tuple[int, int]]:
    """Return inode and time of every output that Snakemake has recorded as finished."""
    logs = {}
    for path, record in books(project, "metadata").items():
        with suppress(FileNotFoundError, json.JSONDecodeError):  # just being written
            logs[path] = json.loads(record.read_text())["log"]
    incomplete = books(project, "incomplete")
    # A job, which has a log of its own, is finished once none of its outputs is incomplete.
    underway = [logs.get(path) for path in incomplete]
    found = {}
    for path, log in logs.items():
        if path not in incomplete and log not in underway:
            with suppress(FileNotFoundError):
                status = (project.folder / path).stat()
                found[path] = (status.st_ino, status.st_mtime_ns)
    return found


def files(project: Project) -> dict[str, str]:
    """Digests of all files in the results whose names are not hidden, but for logs and times."""
    found = {}
    for path in sorted(project.results.rglob("[!.]*")):
        name = str(path.relative_to(project.results))
        if path.is_file() and not name.startswith(("logs/", "benchmarks/")):
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def outputs(project: Project) -> dict[str, str]:
    """Those of `files` that rules made: what a job remembers for its next time grows as it runs."""
    return {
        name: digest
        for name, digest in files(project).items()
        if not name.startswith("features/known/")
    }


def untouched(computed: Project, folder: Path) -> Project:
    """Return a project with the collection of the computed one, and nothing computed."""
    ignored = shutil.ignore_patterns("results", ".snakemake")
    shutil.copytree(computed.folder, folder, ignore=ignored)
    return Project(folder)


def go_through(project: Project, whole: Project, kills: int, *targets: str) -> None:
    """Kill runs at moments spread over all that has to be done, resume, and compare with `whole`.

    A moment is a number of finished outputs and up to two seconds more. Where these are finished
    already, those seconds fall into the start of the run.
    """
    chance = random.Random(kills)
    reference = files(whole)
    missing = range(len(finished(project)), len(finished(whole)))
    moments = sorted(chance.sample(missing, kills))
    killed = 0
    while killed < kills:
        before = finished(project)
        run = start(project, *targets)
        wait_for_outputs(project, run, moments[killed])
        time.sleep(chance.uniform(0, 2))
        killed += hit(run, signal.SIGKILL)
        assert run.returncode in (0, -signal.SIGKILL), said(project)
        after = finished(project)
        assert before.items() <= after.items(), "computed again"
        assert outputs(project).items() <= reference.items(), "not whole, or not the same"
        if any((project.folder / ".snakemake/locks").glob("*")):
            project.succeed("--unlock")
    project.succeed(*targets)
    assert after.items() <= finished(project).items()
    assert files(project) == reference
    # Snakemake marks folders that rules made.
    left = [path for path in project.results.rglob(".*") if path.name != ".snakemake_timestamp"]
    assert not left, "left behind"


def test_a_killed_run_goes_on_where_it_was(copied, computed):
    undo(copied, KMEANS)
    go_through(copied, computed, 2, *KMEANS)


@pytest.mark.long
def test_a_run_killed_twenty_times_ends_with_the_same_bytes(computed, tmp_path):
    go_through(untouched(computed, tmp_path / "project"), computed, 20)


def test_a_locked_folder_is_told_with_the_way_out(copied):
    undo(copied, KMEANS[:1])
    run = start(copied, *KMEANS)
    wait_until(lambda: jobs(run))
    assert hit(run, signal.SIGKILL)
    done = copied.snakemake(*KMEANS)
    assert done.returncode != 0
    assert "--unlock" in done.stdout + done.stderr


def test_ctrl_c_ends_a_run_at_once_and_it_goes_on(copied, computed):
    undo(copied, KMEANS[:1])
    run = start(copied, *KMEANS)
    wait_until(lambda: jobs(run))
    started = time.monotonic()
    assert hit(run, signal.SIGINT)
    assert time.monotonic() - started < 10
    copied.succeed(*KMEANS)
    assert files(copied) == files(computed)


NATIVE = """
import hashlib, types
from shared import job
def main(_):
    print("on", flush=True)
    hashlib.pbkdf2_hmac("sha256", b"", b"", 10**9)  # takes minutes, and Python has no say
job.run(main, types.SimpleNamespace(log=[], threads=1))
"""


@pytest.mark.parametrize("ignored", [False, True], ids=["heeded", "ignored"])
def test_ctrl_c_ends_a_job_in_native_code(ignored):
    program = f"import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n{NATIVE}"
    with subprocess.Popen(
        [sys.executable, "-c", program if ignored else NATIVE],
        cwd=REPOSITORY / "workflow/scripts",
        stdout=subprocess.PIPE,
    ) as run:
        assert run.stdout.readline() == b"on\n"
        run.send_signal(signal.SIGINT)
        if ignored:
            with pytest.raises(subprocess.TimeoutExpired):
                run.wait(0.5)
            run.kill()
        else:
            assert run.wait(10) == -signal.SIGINT


def test_a_job_killed_alone_is_reported_and_the_rest_is_made(copied, computed):
    undo(copied, KMEANS)
    run = start(copied, *KMEANS)
    wait_until(lambda: jobs(run))
    jobs(run)[0].kill()
    assert run.wait(PATIENCE) == 1
    lost = [path for path in KMEANS if not (copied.folder / path).exists()]
    assert len(lost) == 1
    method = Path(lost[0]).stem
    assert "Error in rule cluster_space" in said(copied)
    assert f"log: results/tiny/logs/cluster_space_{method}.log" in said(copied)
    copied.succeed(*KMEANS)
    assert files(copied) == files(computed)


@contextmanager
def read_only(folder: Path):
    """Take away the permission to write `folder` and everything below it, for a while."""
    within = [folder, *folder.rglob("*")]
    for path in within:
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        yield
    finally:
        for path in within:
            path.chmod(path.stat().st_mode | 0o200)


def powerless() -> None:
    """Drop the rights by which root writes and reads anywhere, before a program starts."""
    if sys.platform == "linux":
        drop, dac_override, dac_read_search = 24, 1, 2
        for capability in (dac_override, dac_read_search):
            ctypes.CDLL(None).prctl(drop, capability, 0, 0, 0)


def inodes(folder: Path) -> dict[Path, tuple[int, int]]:
    """Everything below a folder, with what tells whether it was replaced or written to."""
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.rglob("*")}


def test_read_only_results_are_told_in_one_sentence_and_left_as_they_are(copied):
    undo(copied, KMEANS[:1])
    with read_only(copied.results.parent):
        probe = [sys.executable, "-c", "open('results/probe', 'w')"]
        probed = subprocess.run(
            probe, cwd=copied.folder, preexec_fn=powerless, capture_output=True, check=False
        )
        if probed.returncode == 0:
            pytest.skip("this user may write anywhere, and cannot give that up")
        before = inodes(copied.results.parent)
        planned = copied.snakemake("--dry-run", KMEANS[0], preexec_fn=powerless)
        assert planned.returncode == 0, planned.stderr
        done = copied.snakemake(KMEANS[0], preexec_fn=powerless)
        assert inodes(copied.results.parent) == before
        # What is there already needs no permission.
        assert copied.snakemake(KMEANS[1], preexec_fn=powerless).returncode == 0
    assert done.returncode == 1
    assert (
        "results/tiny is not writable: allow it (chmod -R u+w results/tiny), or compute in "
        "another folder (snakemake --directory FOLDER)"
    ) in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_in_place_of_the_results_is_told_in_one_sentence(project):
    (project.folder / "results").write_text("mine")
    done = project.snakemake("catalogue")
    assert done.returncode == 1
    assert "results is a file, but results/tiny is to be a folder: move it away" in done.stderr
    assert "Traceback" not in done.stderr
    assert (project.folder / "results").read_text() == "mine"


KILLED = """
import os, signal, sys
from shared import job
with job.whole(sys.argv[1]) as beside:
    beside.write_text("hal")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_is_half_written_is_never_in_place_and_goes_with_the_next_writing(tmp_path):
    path, others = tmp_path / "pca.csv", tmp_path / ".pca_2.123.csv"
    path.write_text("before")
    others.touch()
    scripts = REPOSITORY / "workflow/scripts"
    subprocess.run([sys.executable, "-c", KILLED, path], cwd=scripts, check=False)
    assert path.read_text() == "before"
    (left,) = set(tmp_path.iterdir()) - {path, others}
    assert left.read_text() == "hal"
    job.write_text("after", path)
    assert path.read_text() == "after"
    assert set(tmp_path.iterdir()) == {path, others}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_is_told_in_one_sentence_and_leaves_what_was_there(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("before")

    def write():
        with job.whole(path) as beside:
            beside.symlink_to("/dev/full")
            beside.write_text("after")

    with pytest.raises(OutputError, match=r"table.csv cannot be written \(No space"):
        write()
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]

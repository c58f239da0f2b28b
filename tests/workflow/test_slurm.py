"""The shipped profile on a real Slurm of one node, whose one GPU is pretended."""

import hashlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from itertools import pairwise
from types import SimpleNamespace

import psutil
import pytest
import slurm_cluster
from project import Project
from slurm_cluster import DAEMONS, SYSTEM, Cluster, ClusterError, end_with_parent

PATIENCE = 900  # s, until a run counts as lost
PLUGIN = "snakemake_executor_plugin_slurm"
NETWORKS = ("autoencoder", "basic_vae", "conv_vae")
METHODS = [
    {"name": name, "label": name, "task": "Easy", "space": space, "clusterer": "kmeans"}
    for name, space in {"raw_kmeans": "audio", **{f"{n}_kmeans": n for n in NETWORKS}}.items()
]
FEW = {
    "methods": METHODS,
    "statistics": {"baselines": ["raw_kmeans"]},
    "figures": {
        "umap_panel": [{"title": "Raw", "map": "umap_audio", "colour": "raw_kmeans"}],
        "genre_distribution": {"method": "raw_kmeans"},
        "reconstructions": {"networks": ["basic_vae"]},
    },
}
# What a cluster without accounts, and a test that shall not take long, need besides the profile.
HERE = ["--slurm-status-command", "squeue", "--slurm-init-seconds-before-status-checks", "7"]

FAILING = """
from shared import job
from hybridmusic.errors import InputError
def main(_):
    raise InputError("this was made to fail")
if __name__ == "__main__":
    job.run(main, snakemake)
"""
HANGING = """
import time
from shared import job
def main(_):
    time.sleep(600)
if __name__ == "__main__":
    job.run(main, snakemake)
"""

pytestmark = [
    pytest.mark.slurm,
    pytest.mark.long,
    pytest.mark.skipif(
        not all(shutil.which(name, path=SYSTEM) for name in DAEMONS),
        reason="Slurm is not installed: `make test-slurm` installs it",
    ),
    pytest.mark.skipif(
        importlib.util.find_spec(PLUGIN) is None,
        reason="the executor plugin of requirements-slurm.txt is not installed",
    ),
]


def submit(cluster: Cluster, project: Project, *arguments: str) -> subprocess.Popen:
    """Start snakemake with the shipped profile; what it says goes to `said.log`."""
    command = [
        *(sys.executable, "-m", "snakemake", *arguments, *HERE),
        *("--workflow-profile", "profiles/slurm", "--configfile", "tiny.yaml"),
    ]
    env = os.environ | {"PATH": cluster.path, "HF_HUB_OFFLINE": "1"}
    with (project.folder / "said.log").open("w") as log:
        how = {"cwd": project.folder, "env": env, "preexec_fn": end_with_parent}
        return subprocess.Popen(command, stdout=log, stderr=log, **how)


def said(project: Project) -> str:
    """Return the output of the snakemake that was started last."""
    return (project.folder / "said.log").read_text()


def digests(project: Project) -> dict[str, str]:
    """Digests of all spaces, clusterings and scores, by their paths."""
    patterns = ("spaces/*", "clusterings/**/*.parquet", "scores.parquet")
    paths = [path for pattern in patterns for path in project.results.glob(pattern)]
    return {
        str(path.relative_to(project.results)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }


@pytest.fixture(scope="module")
def cluster():
    """Start a cluster, and leave nothing of it at the end."""
    with slurm_cluster.running() as cluster:
        yield cluster
    folder = str(cluster.folder)
    processes = psutil.process_iter(["cmdline"])
    assert not [p for p in processes if folder in " ".join(p.info["cmdline"] or [])]
    assert not cluster.folder.exists()


@pytest.fixture(scope="module")
def runs(cluster, tmp_path_factory):
    """Three runs at a time: here, there on the cluster, and there with jobs that go wrong."""
    folder = tmp_path_factory.mktemp("slurm")
    here, there, wrong = (Project.create(folder / name) for name in ("here", "there", "wrong"))
    for project in (here, there):
        project.write_config(**FEW)
    scripts = wrong.folder / "workflow/scripts/adapters/tracks"
    (scripts / "list_tracks.py").write_text(FAILING)
    (scripts / "synthesise_demo.py").write_text(HANGING)
    once = ["--retries", "0", "--set-resources", "synthesise_demo:runtime=1"]

    quiet = dict.fromkeys(("stdout", "stderr"), subprocess.DEVNULL)
    started = [
        subprocess.Popen(**here.call("scores"), **quiet),
        submit(cluster, there, "scores"),
        submit(cluster, wrong, "catalogue", "resources/demo/factors.parquet", *once),
    ]
    try:
        while not (cancelled := training(cluster)):
            assert started[1].poll() is None, said(there)
            time.sleep(0.2)
        cluster.ask("scancel", cancelled["JobId"])
        codes = [run.wait(PATIENCE) for run in started]
    finally:
        for run in started:
            run.kill()
    return SimpleNamespace(
        **{"here": here, "there": there, "wrong": wrong, "codes": codes},
        **{"cancelled": cancelled, "jobs": cluster.jobs()},
    )


def training(cluster: Cluster) -> dict | None:
    """Return the job that trains a network, once all others wait for its GPU."""
    jobs = [job for job in cluster.jobs() if job["Comment"].startswith("rule_train_network")]
    running = (job for job in jobs if job["JobState"] == "RUNNING")
    return next(running, None) if len(jobs) == len(NETWORKS) else None


def with_gpu(runs) -> list[dict]:
    """All jobs that asked for a GPU, in the order in which they were started."""
    asked = [job for job in runs.jobs if "TresPerJob" in job]
    return sorted(asked, key=lambda job: job["StartTime"])


def test_a_cluster_that_others_could_reach_is_not_started(monkeypatch):
    monkeypatch.setattr(socket, "gethostbyname", lambda name: "192.0.2.1")
    with pytest.raises(ClusterError, match=r"resolves to 192\.0\.2\.1"), slurm_cluster.running():
        raise AssertionError("was started")


def test_the_results_are_those_of_a_run_on_this_machine(runs):
    assert runs.codes[:2] == [0, 0], said(runs.there)
    made = digests(runs.there)
    assert made == digests(runs.here)
    assert {f"spaces/{name}.parquet" for name in ("hybrid", *NETWORKS)} <= set(made)
    assert {f"clusterings/{name}_kmeans.parquet" for name in NETWORKS} <= set(made)


def test_what_trains_asks_for_one_gpu_where_there_are_some_and_nothing_else_does(runs):
    asked = with_gpu(runs)
    assert {job["TresPerJob"] for job in asked} == {"gres:gpu:1"}
    comments = [job["Comment"] for job in asked]
    assert sorted(comments) == [f"rule_train_network_wildcards_{name}" for name in NETWORKS]
    assert {job["Partition"] for job in asked} == {"gpu"}
    assert {job["Partition"] for job in runs.jobs if job not in asked} == {"cpu"}


def test_jobs_wait_for_the_one_gpu(runs):
    # Times are ISO and to the second, so that text compares as time.
    for before, after in pairwise(with_gpu(runs)):
        assert after["SubmitTime"] <= before["EndTime"] <= after["StartTime"]


def test_a_cancelled_job_is_done_again_without_a_gpu_and_with_more_memory(runs):
    first, second = (j for j in runs.jobs if j["Comment"] == runs.cancelled["Comment"])
    assert (first["JobId"], first["JobState"]) == (runs.cancelled["JobId"], "CANCELLED")
    assert (second["JobState"], second["Partition"]) == ("COMPLETED", "cpu")
    assert "TresPerJob" not in second
    assert (first["MinMemoryNode"], second["MinMemoryNode"]) == ("2000M", "4000M")


def test_small_jobs_share_a_submission_and_ask_for_no_more_than_the_largest(runs):
    (group,) = (job for job in runs.jobs if job["Comment"].startswith("rule_clusterings"))
    assert (group["NumCPUs"], group["MinMemoryNode"]) == ("1", "2000M")
    assert group["TimeLimit"] == "02:00:00"  # four clusterings of half an hour
    alone = [job for job in runs.jobs if job["Comment"].startswith("rule_cluster_space")]
    assert not alone


def test_a_job_that_fails_is_told_with_its_logs(runs):
    assert runs.codes[2] == 1
    told = said(runs.wrong)
    assert "Error in rule list_tracks" in told
    assert "results/tiny/logs/list_tracks.log" in told
    assert "this was made to fail" in told
    assert ".snakemake/slurm_logs/rule_list_tracks/" in told


def test_a_job_that_takes_longer_than_it_may_is_ended_and_told(runs):
    told = said(runs.wrong)
    assert "SLURM status is: 'TIMEOUT'" in told
    assert "Error in rule synthesise_demo" in told
    assert ".snakemake/slurm_logs/rule_synthesise_demo/" in told

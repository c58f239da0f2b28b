"""A Slurm cluster of one node on loopback, without systemd, database or files of the system.

Its one GPU is not real. The daemons end with the process that started them, even if it is killed.
"""

from __future__ import annotations

import ctypes
import getpass
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

PATIENCE = 30  # s to wait for a daemon to answer
SYSTEM = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin"
DAEMONS = ("munged", "slurmctld", "slurmd")
COMMANDS = ("sbatch", "scancel", "scontrol", "sinfo", "squeue", "srun")

SLURM_CONF = """
ClusterName=pretended
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SrunPortRange={ports[2]}-{last}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
# A request that no node can meet is refused, instead of waiting for ever.
EnforcePartLimits=ALL
JobRequeue=0
# Without a database, only jobs in memory can be queried.
MinJobAge=3600
KillWait=2
GresTypes=gpu
# Perhaps more cores than the machine has, so that jobs overlap.
SlurmdParameters=config_overrides
NodeName=localhost NodeAddr=127.0.0.1 CPUs=4 RealMemory=16000 Gres=gpu:1 State=UNKNOWN
# On one node, jobs that wait for the GPU would delay jobs of lower rank that need none.
PartitionName=cpu Nodes=localhost Default=YES PriorityTier=2
PartitionName=gpu Nodes=localhost
"""


class ClusterError(Exception):
    """The cluster cannot be started."""


@dataclass
class Cluster:
    """A running cluster: its folder, and its daemons."""

    folder: Path
    daemons: list[psutil.Popen]

    @property
    def path(self) -> str:
        """Value of PATH, with the Slurm commands of this cluster first."""
        return f"{self.folder / 'bin'}:{SYSTEM}"

    def ask(self, command: str, *arguments: str) -> str:
        """Return the output of a Slurm command; raise CalledProcessError if it fails."""
        call = [self.folder / "bin" / command, *arguments]
        return subprocess.run(call, capture_output=True, text=True, check=True, timeout=60).stdout

    def jobs(self) -> list[dict[str, str]]:
        """Return all jobs since the start, in the order of submission, as scontrol shows them."""
        lines = self.ask("scontrol", "show", "job", "--oneliner").splitlines()
        jobs = [dict(f.split("=", 1) for f in line.split() if "=" in f) for line in lines]
        return sorted((job for job in jobs if "JobId" in job), key=lambda job: int(job["JobId"]))

    def stop(self) -> None:
        """Cancel all jobs, then end the daemons."""
        try:
            if len(self.daemons) == len(DAEMONS):
                self.ask("scancel", f"--user={getpass.getuser()}")
                wait_until(lambda: not self.ask("squeue", "--noheader"), "jobs do not end")
        finally:
            for daemon in reversed(self.daemons):
                # psutil does not signal another process that has the same number by now.
                with suppress(psutil.NoSuchProcess):
                    daemon.terminate()
            for daemon in self.daemons:
                daemon.wait(PATIENCE)


@contextmanager
def running() -> Iterator[Cluster]:
    """Run a cluster in a new folder; raise ClusterError if it could be reached from outside."""
    check_loopback()
    # Not in pytest's folder, because the path of a socket must be short.
    with tempfile.TemporaryDirectory(prefix="slurm-") as name:
        cluster = Cluster(Path(name), [])
        try:
            configure(cluster.folder)
            start(cluster)
            yield cluster
        finally:
            cluster.stop()


def check_loopback() -> None:
    """Raise ClusterError unless the host's name, which daemons bind to, resolves to loopback."""
    name = socket.gethostname()
    address = socket.gethostbyname(name)
    if not address.startswith("127."):
        raise ClusterError(
            f"the host name {name} resolves to {address}, where others could reach the cluster: "
            f"set it to 127.0.0.1 (in /etc/hosts)"
        )


def configure(folder: Path) -> None:
    """Write keys, configuration, and commands that use this cluster in any environment."""
    folder.chmod(0o755)  # munge needs a socket that all can reach
    for name in ("bin", "state", "spool"):
        (folder / name).mkdir()
    key = folder / "munge.key"
    key.write_bytes(secrets.token_bytes(128))
    key.chmod(0o400)
    ports = free_ports(64)  # two for the daemons, the others for jobs
    text = SLURM_CONF.format(folder=folder, ports=ports, last=ports[-1], user=getpass.getuser())
    (folder / "slurm.conf").write_text(text)
    # Slurm needs a device that exists; it only assigns its number.
    (folder / "gres.conf").write_text("NodeName=localhost Name=gpu File=/dev/null\n")
    (folder / "cgroup.conf").touch()
    for command in COMMANDS:
        # The plugin's job step drops SLURM_CONF from the environment.
        wrapper = folder / "bin" / command
        real = shutil.which(command, path=SYSTEM)
        wrapper.write_text(f'#!/bin/sh\nSLURM_CONF={folder}/slurm.conf exec {real} "$@"\n')
        wrapper.chmod(0o755)


def free_ports(number: int) -> list[int]:
    """Return consecutive free ports of loopback."""
    for first in range(20_000 + os.getpid() % 10_000, 60_000, number):
        try:
            for port in range(first, first + number):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return list(range(first, first + number))
        except OSError:
            continue
    raise ClusterError(f"no {number} consecutive ports are free")


def start(cluster: Cluster) -> None:
    """Start the daemons one by one, each after the one before it answers."""
    folder = cluster.folder
    conf = str(folder / "slurm.conf")
    places = [f"--{name}={folder}/munge.{name}" for name in ("socket", "pid-file", "seed-file")]
    calls = {
        "munged": ["--foreground", f"--key-file={folder}/munge.key", *places],
        "slurmctld": ["-D", "-c", "-f", conf],
        "slurmd": ["-D", "-f", conf, "-N", "localhost"],
    }
    answers = {
        "munged": (folder / "munge.socket").exists,
        "slurmctld": lambda: "UP" in answer(cluster, "scontrol", "ping"),
        "slurmd": lambda: "idle" in answer(cluster, "sinfo", "--noheader", "--format=%T"),
    }
    for name in DAEMONS:
        log = folder / f"{name}.log"
        with log.open("w") as output:
            call = [shutil.which(name, path=SYSTEM), *calls[name]]
            daemon = psutil.Popen(call, stdout=output, stderr=output, preexec_fn=end_with_parent)
        cluster.daemons.append(daemon)
        # The functions are not used after this turn of the loop.
        wait_until(lambda: daemon.poll() is not None or answers[name](), f"{name} is silent")  # noqa: B023
        if daemon.poll() is not None:
            raise ClusterError(f"{name} does not start:\n{log.read_text()[-2000:]}")


def answer(cluster: Cluster, *call: str) -> str:
    """Return the output of a Slurm command, or nothing while the cluster does not answer."""
    try:
        return cluster.ask(*call)
    except subprocess.SubprocessError:
        return ""


def end_with_parent() -> None:
    """Make the kernel end this process with its parent, so that a killed test leaves no daemon."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL, 0, 0, 0)


def wait_until(true: Callable, otherwise: str) -> None:
    """Wait until `true()` is true; raise ClusterError with `otherwise` if that takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline:
            raise ClusterError(otherwise)
        time.sleep(0.1)

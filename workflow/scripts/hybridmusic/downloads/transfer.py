"""Downloads that are complete or absent: repeated attempts, inventories and verification."""

from __future__ import annotations

import csv
import hashlib
import io
import logging
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import requests
import tenacity
from requests.adapters import HTTPAdapter

from hybridmusic.errors import InputError
from hybridmusic.tracks.files import walk

logger = logging.getLogger(__name__)

TIMEOUT = (5, 30)  # s, to connect and between two bytes
LONGEST_WAIT = 60  # s, between two attempts
TRANSIENT = (408, 425, 429)  # HTTP status codes that may pass, and all from 500 on

# Bytes and SHA-256 of each file, by its path below a folder.
Inventory = dict[str, tuple[int, str]]


def reach(url: str, otherwise: str) -> None:
    """Raise InputError, ending with `otherwise`, if nothing answers at `url` within seconds."""
    try:
        requests.get(url, timeout=TIMEOUT, stream=True).close()
    except requests.RequestException as error:
        raise InputError(f"{url} cannot be reached: {otherwise}") from error


@contextmanager
def timeouts():
    """Limit the time of requests in the block, where a library sets no limit."""
    send = HTTPAdapter.send

    def limited(self, *args, timeout=None, **others):
        return send(self, *args, timeout=timeout or TIMEOUT, **others)

    HTTPAdapter.send = limited
    try:
        yield
    finally:
        HTTPAdapter.send = send


def patiently(fetch: Callable, transient: tuple[type[Exception], ...], attempts: int, wait: float):
    """Return `fetch()`, repeated while its errors may pass.

    Parameters
    ----------
    fetch : called without arguments
    transient : exceptions that may pass; one with a `response` is judged by its status instead
    attempts : how often to try
    wait : seconds before the second attempt, doubled for each later one; a server's `Retry-After`
        can make it longer, up to LONGEST_WAIT
    """
    exponential = tenacity.wait_exponential(multiplier=wait, max=LONGEST_WAIT)

    def may_pass(error: BaseException) -> bool:
        status = getattr(getattr(error, "response", None), "status_code", None)
        if status is not None:
            return status in TRANSIENT or status >= 500
        return isinstance(error, transient)

    def seconds(state: tenacity.RetryCallState) -> float:
        response = getattr(state.outcome.exception(), "response", None)
        after = getattr(response, "headers", {}).get("Retry-After", "")
        return min(LONGEST_WAIT, max(exponential(state), int(after) if after.isdecimal() else 0))

    def warn(state: tenacity.RetryCallState) -> None:
        error, pause = state.outcome.exception(), state.next_action.sleep
        logger.warning("%s: trying again in %.0f s", line(error), pause)

    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(may_pass),
        stop=tenacity.stop_after_attempt(attempts),
        wait=seconds,
        before_sleep=warn,
        reraise=True,
    )
    return retrying(fetch)


def line(error: Exception) -> str:
    """Return the message of an error as one line."""
    return " ".join(str(error).split()) or type(error).__name__


def inventory(folder: Path) -> Inventory:
    """Return bytes and SHA-256 of every file below `folder`, by its path from there.

    Raises InputError for a link or a special file.
    """
    files = {}
    for path in walk(folder):
        if path.is_symlink() or not path.is_file():
            raise InputError(f"{path} is a link or a special file, which no data set needs")
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        files[path.relative_to(folder).as_posix()] = (path.stat().st_size, digest)
    return files


def manifest(files: Inventory) -> str:
    """Return an inventory as CSV: `path`, `bytes`, `sha256`."""
    text = io.StringIO()
    rows = [(path, *files[path]) for path in sorted(files)]
    csv.writer(text, lineterminator="\n").writerows([("path", "bytes", "sha256"), *rows])
    return text.getvalue()


def read_manifest(text: str) -> Inventory:
    """Return the inventory that `manifest` wrote."""
    rows = csv.reader(io.StringIO(text))
    next(rows)
    return {path: (int(size), digest) for path, size, digest in rows}


def compare(files: Inventory, first: Inventory, folder: str, remedy: str) -> None:
    """Raise InputError, ending with `remedy`, if the files of a folder differ from the first."""
    differing = [path for path in sorted({*files, *first}) if files.get(path) != first.get(path)]
    if differing:
        raise InputError(
            f"{folder} differs from its manifest: {len(differing)} files are missing, new or "
            f"changed, such as {differing[0]!r}; {remedy}"
        )


def check_clips(files: Inventory, audio: str, clips: dict[str, int], folder: str) -> None:
    """Raise InputError if a data set lacks clips, or has too many.

    Parameters
    ----------
    files : of the data set
    audio : path of `<genre>/<clip>.wav` in it
    clips : how many each genre has to have
    folder : of the data set, for the message
    """
    counted = dict.fromkeys(clips, 0)
    for path in map(Path, files):
        if path.suffix == ".wav" and path.parent.parent == Path(audio):
            counted[path.parent.name] = counted.get(path.parent.name, 0) + 1
    wrong = [genre for genre in sorted(counted) if counted[genre] != clips.get(genre, 0)]
    if wrong:
        listed = ", ".join(f"{counted[g]} of {clips.get(g, 0)} {g}" for g in wrong)
        raise InputError(f"{folder} has a wrong number of clips in {audio}/: {listed}")

"""Downloads that end whole or not at all: patience, inventories and verification."""

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
TRANSIENT = (408, 425, 429)  # HTTP status codes that another attempt may mend, and all from 500 on

# Of a file below a folder: its bytes and its SHA-256.
Inventory = dict[str, tuple[int, str]]


def reach(url: str, otherwise: str) -> None:
    """Raise InputError, ending with `otherwise`, if nothing answers at `url` within seconds."""
    try:
        requests.get(url, timeout=TIMEOUT, stream=True).close()
    except requests.RequestException as error:
        raise InputError(f"{url} cannot be reached: {otherwise}") from error


@contextmanager
def timeouts():
    """Give requests made inside a time limit, where a library sets none and would wait for ever."""
    send = HTTPAdapter.send

    def limited(self, *args, timeout=None, **others):
        return send(self, *args, timeout=timeout or TIMEOUT, **others)

    HTTPAdapter.send = limited
    try:
        yield
    finally:
        HTTPAdapter.send = send


def patiently(fetch: Callable, transient: tuple[type[Exception], ...], attempts: int, wait: float):
    """`fetch()`, tried up to `attempts` times as long as it fails of what may pass.

    That is an exception of `transient`, or one with a `response` of a status that may pass. Waits
    `wait` seconds at first, then twice as long each time, or as long as the server asks for.
    """
    exponential = tenacity.wait_exponential(multiplier=wait, max=LONGEST_WAIT)

    def may_pass(error: BaseException) -> bool:
        status = getattr(getattr(error, "response", None), "status_code", None)
        if status is not None:
            return status in TRANSIENT or status >= 500
        return isinstance(error, transient)

    def seconds(state: tenacity.RetryCallState) -> float:
        response = getattr(state.outcome.exception(), "response", None)
        asked = getattr(response, "headers", {}).get("Retry-After", "")
        return min(LONGEST_WAIT, max(exponential(state), int(asked) if asked.isdecimal() else 0))

    def tell(state: tenacity.RetryCallState) -> None:
        error, pause = state.outcome.exception(), state.next_action.sleep
        logger.warning("%s: trying again in %.0f s", told(error), pause)

    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(may_pass),
        stop=tenacity.stop_after_attempt(attempts),
        wait=seconds,
        before_sleep=tell,
        reraise=True,
    )
    return retrying(fetch)


def told(error: Exception) -> str:
    """What an error says, on one line."""
    return " ".join(str(error).split()) or type(error).__name__


def inventory(folder: Path) -> Inventory:
    """Every file below `folder`, by its path from there.

    Raises InputError if anything there is neither a folder nor a file of its own, as a link is.
    """
    found = {}
    for path in walk(folder):
        if path.is_symlink() or not path.is_file():
            raise InputError(f"{path} is a link or a special file, which no data set needs")
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        found[path.relative_to(folder).as_posix()] = (path.stat().st_size, digest)
    return found


def manifest(found: Inventory) -> str:
    """An inventory as CSV: `path`, `bytes`, `sha256`."""
    text = io.StringIO()
    rows = [(path, *found[path]) for path in sorted(found)]
    csv.writer(text, lineterminator="\n").writerows([("path", "bytes", "sha256"), *rows])
    return text.getvalue()


def read_manifest(text: str) -> Inventory:
    """The inventory that `manifest` wrote."""
    rows = csv.reader(io.StringIO(text))
    next(rows)
    return {path: (int(size), digest) for path, size, digest in rows}


def compare(found: Inventory, first: Inventory, what: str, remedy: str) -> None:
    """Raise InputError, ending with `remedy`, if `what` is not what arrived at first."""
    differing = [path for path in sorted({*found, *first}) if found.get(path) != first.get(path)]
    if differing:
        raise InputError(
            f"{what} is not what its manifest lists: {len(differing)} files are missing, new or "
            f"changed, such as {differing[0]!r}; {remedy}"
        )


def check_clips(found: Inventory, audio: str, clips: dict[str, int], what: str) -> None:
    """Raise InputError if the folder `audio` has not `clips[genre]` wav files for every genre."""
    below = [Path(path) for path in found]
    counted = dict.fromkeys(clips, 0)
    for path in below:
        if path.suffix == ".wav" and path.parent.parent == Path(audio):
            counted[path.parent.name] = counted.get(path.parent.name, 0) + 1
    wrong = [genre for genre in sorted(counted) if counted[genre] != clips.get(genre, 0)]
    if wrong:
        listed = ", ".join(f"{counted[g]} of {clips.get(g, 0)} {g}" for g in wrong)
        raise InputError(f"{what} has not the clips in {audio}/ that it should have: {listed}")

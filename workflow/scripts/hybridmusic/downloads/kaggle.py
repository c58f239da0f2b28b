"""Download data sets with Kaggle's own client; public ones need no account."""

from __future__ import annotations

import os
import shutil
import tarfile
import zipfile
import zlib
from pathlib import Path

import requests

from hybridmusic.downloads import transfer
from hybridmusic.errors import InputError
from hybridmusic.tracks import files

# Errors of unpacking an archive that was damaged on its way, so that another attempt may succeed.
BROKEN = (zipfile.BadZipFile, tarfile.ReadError, zlib.error, EOFError, ValueError)


def download(handle: str, cache: Path, place: str, attempts: int = 6, wait: float = 1.0) -> Path:
    """Download and unpack a data set, and return its folder; resume downloads that were cut off.

    Parameters
    ----------
    handle : `<owner>/<name>`, perhaps with `/versions/<n>`
    cache : folder to download to
    place : what a user can do instead, the end of error messages
    attempts, wait : as of `transfer.patiently`

    Raises
    ------
    InputError : the data set cannot be downloaded, or its archive is unsafe
    """
    os.environ["KAGGLEHUB_CACHE"] = str(cache.absolute())
    import kagglehub
    from kagglehub.exceptions import DataCorruptionError
    from kagglesdk.kaggle_env import get_endpoint, get_env

    transfer.reach(get_endpoint(get_env()), place)

    def fetch() -> Path:
        try:
            return Path(kagglehub.dataset_download(handle))
        except tarfile.FilterError as error:
            shutil.rmtree(cache)
            raise InputError(f"the archive of {handle} is refused: {error}; {place}") from error
        except BROKEN:
            shutil.rmtree(cache)
            raise

    transient = (requests.RequestException, DataCorruptionError, *BROKEN)
    try:
        with transfer.timeouts():
            return transfer.patiently(fetch, transient, attempts, wait)
    except (*transient, OSError) as error:
        if not files.walk(cache):
            shutil.rmtree(cache, ignore_errors=True)
        raise InputError(
            f"{handle} cannot be downloaded ({transfer.line(error)}): {place}"
        ) from error

"""Download models from the Hugging Face hub, without files that may contain code."""

from __future__ import annotations

import fnmatch
import hashlib
import logging
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from hybridmusic.downloads import transfer
from hybridmusic.errors import InputError
from hybridmusic.tracks import files

if TYPE_CHECKING:
    from huggingface_hub.hf_api import RepoSibling

logger = logging.getLogger(__name__)

# Weights as safetensors, settings and vocabularies: no pickles, no scripts.
WANTED = ("*.safetensors", "*.json", "*.txt", "*.model")


def download(model: str, folder: Path, place: str, attempts: int = 4, wait: float = 1.0) -> Path:
    """Download a model, and return its folder; resume downloads that were cut off.

    Parameters
    ----------
    model : `<owner>/<name>` or `<owner>/<name>@<revision>`
    folder : to download to
    place : what a user can do instead, the end of error messages
    attempts, wait : as of `transfer.patiently`

    Raises
    ------
    InputError : the model cannot be downloaded, or has no weights as safetensors
    """
    from huggingface_hub import HfApi, constants, errors, snapshot_download

    name, _, revision = model.partition("@")
    transfer.reach(constants.ENDPOINT, place)

    def fetch() -> str:
        info = HfApi().model_info(name, revision=revision or None, files_metadata=True, timeout=30)
        wanted = [
            file
            for file in info.siblings
            if any(fnmatch.fnmatch(file.rfilename, pattern) for pattern in WANTED)
        ]
        if not any(file.rfilename.endswith(".safetensors") for file in wanted):
            raise InputError(f"the model {model} has no weights as safetensors; choose another one")
        snapshot_download(name, revision=info.sha, local_dir=folder, allow_patterns=list(WANTED))
        for file in wanted:
            _check(folder / file.rfilename, file)
        return info.sha

    transient = (errors.HTTPError, OSError)
    try:
        commit = transfer.patiently(fetch, transient, attempts, wait)
    except transient as error:
        if not files.walk(folder):
            shutil.rmtree(folder, ignore_errors=True)
        raise InputError(
            f"the model {model} cannot be downloaded ({transfer.line(error)}): {place}"
        ) from error
    if revision != commit:
        logger.warning(
            "%s is %s@%s at present: set the model to that to pin it", model, name, commit
        )
    shutil.rmtree(folder / ".cache")  # the client's notes for resuming, not part of the model
    return folder


def _check(path: Path, file: RepoSibling) -> None:
    """Raise OSError, and delete the file, if its checksum is not the hub's."""
    body = path.read_bytes() if path.is_file() else b""
    # The hub keeps small files in git, with git's checksum, and large ones with their SHA-256.
    if file.lfs:
        whole = hashlib.sha256(body).hexdigest() == file.lfs.sha256
    else:
        whole = hashlib.sha1(b"blob %d\0" % len(body) + body).hexdigest() == file.blob_id
    if not whole:
        path.unlink(missing_ok=True)
        raise OSError(f"{file.rfilename} arrived damaged")

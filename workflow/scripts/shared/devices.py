"""Choose torch's device, and make its results reproducible."""

from __future__ import annotations

import ctypes
import logging
import os
import platform

import torch

logger = logging.getLogger(__name__)

# Parameters of mallopt(3).
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
KEPT = 2**30  # bytes that glibc keeps for the next tensors


def prepare(threads: int) -> None:
    """Make torch compute the same bytes every time, with `threads` threads.

    Memory that is about to be overwritten is not filled first, because determinism does not need
    it. And glibc keeps large freed memory: the kernel would return it zeroed, page by page, which
    takes a fifth of the time of a large convolutional ensemble.
    """
    torch.set_num_threads(threads)
    os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"
    torch.set_deterministic_debug_mode("error")
    torch.utils.deterministic.fill_uninitialized_memory = False
    # Otherwise a GPU's convolutions multiply with ten bits of precision, and the CPU's with all.
    torch.backends.cudnn.allow_tf32 = False
    if platform.libc_ver()[0] == "glibc":
        glibc = ctypes.CDLL(None)
        for threshold in (M_MMAP_THRESHOLD, M_TRIM_THRESHOLD):
            glibc.mallopt(threshold, KEPT)


def device(snakemake) -> str:
    """Prepare torch; return "cuda" if the job was granted a GPU and there is one, else "cpu"."""
    prepare(snakemake.threads)
    granted = snakemake.resources.get("gpu", 0) > 0
    chosen = "cuda" if granted and torch.cuda.is_available() else "cpu"
    logger.info("computing on %s", chosen)
    return chosen

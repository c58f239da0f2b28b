"""What the adapters share that compute with torch: on which device, and the same every time."""

from __future__ import annotations

import ctypes
import logging
import os
import platform

import torch

logger = logging.getLogger(__name__)

# Parameters of mallopt(3), and how many bytes glibc keeps for the next tensors.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
KEPT = 2**30


def prepare(threads: int) -> None:
    """Have torch compute the same bytes every time, and without needless work.

    For determinism alone nothing that is about to be overwritten need be filled first. And glibc
    gives large freed memory back to the kernel, which hands it out again page by page, zeroed: a
    fifth of the time of a large convolutional ensemble, so it is asked to keep it.
    """
    torch.set_num_threads(threads)
    os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"
    torch.set_deterministic_debug_mode("error")
    torch.utils.deterministic.fill_uninitialized_memory = False
    # Or a GPU's convolutions keep ten bits of what they multiply, and the CPU's all.
    torch.backends.cudnn.allow_tf32 = False
    if platform.libc_ver()[0] == "glibc":
        glibc = ctypes.CDLL(None)
        for threshold in (M_MMAP_THRESHOLD, M_TRIM_THRESHOLD):
            glibc.mallopt(threshold, KEPT)


def device(snakemake) -> str:
    """CUDA if the rule was granted a GPU and there is one; deterministic either way."""
    prepare(snakemake.threads)
    granted = snakemake.resources.get("gpu", 0) > 0
    chosen = "cuda" if granted and torch.cuda.is_available() else "cpu"
    logger.info("computing on %s", chosen)
    return chosen

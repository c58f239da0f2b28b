"""The kernels that `make test-portable` requests are those that compute."""

import os

import pytest
import torch
from numpy._core._multiarray_umath import __cpu_features__
from threadpoolctl import threadpool_info

pytestmark = pytest.mark.numerical


def test_libraries_compute_with_the_kernels_that_are_requested():
    requested = os.environ
    capability = torch.backends.cpu.get_cpu_capability()
    assert requested.get("ATEN_CPU_CAPABILITY", capability).upper() == capability
    for library in threadpool_info():
        if library["internal_api"] == "openblas":
            architecture = library["architecture"]
            assert requested.get("OPENBLAS_CORETYPE", architecture) == architecture
    disabled = requested.get("NPY_DISABLE_CPU_FEATURES", "").split()
    assert not any(__cpu_features__[name] for name in disabled)

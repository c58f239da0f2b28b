"""The KL divergence against its closed form."""

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from hybridmusic.training import loop

pytestmark = pytest.mark.numerical


def test_kl_equals_the_closed_form():
    mean, log_variance = torch.randn(4, 7, dtype=torch.float64), torch.randn(4, 7).double()
    expected = kl_divergence(Normal(mean, torch.exp(0.5 * log_variance)), Normal(0, 1)).sum(-1)
    torch.testing.assert_close(loop.kl_divergence(mean, log_variance), expected)
    assert loop.kl_divergence(torch.zeros(1, 3), torch.zeros(1, 3)) == 0
    # N(1, 1) from N(0, 1): half a nat in each dimension
    assert loop.kl_divergence(torch.ones(1, 3), torch.zeros(1, 3)) == pytest.approx(1.5)

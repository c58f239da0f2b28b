"""The maximum mean discrepancy against the paper's sum."""

from itertools import combinations

import numpy as np
import pytest
import torch

from hybridmusic.networks._discrepancy import WIDTHS, mmd
from hybridmusic.training.labels import one_hot

pytestmark = pytest.mark.numerical


def gaussian(a, b, width):
    return np.exp(-((a[:, None] - b[None]) ** 2).sum(axis=2) / width)


def test_discrepancy_is_the_papers_sum_for_any_number_of_groups():
    z = np.random.default_rng(0).normal(size=(2, 20, 3))
    z[1] *= 100
    names = np.array(list("aabbbcccc") * 2 + [None, None])
    groups = one_hot(names, ["a", "b", "c", "absent"])
    found = mmd(torch.as_tensor(z), torch.as_tensor(groups).double().expand(2, -1, -1))
    for seed in range(2):
        scale = ((z[seed][:, None] - z[seed][None]) ** 2).sum(axis=2).mean()
        of = {name: z[seed][names == name] for name in "abc"}
        expected = [
            np.mean(
                [
                    gaussian(x, x, w * scale).mean()
                    + gaussian(y, y, w * scale).mean()
                    - 2 * gaussian(x, y, w * scale).mean()
                    for w in WIDTHS
                ]
            )
            for x, y in combinations(of.values(), 2)
        ]
        assert found[seed].item() == pytest.approx(np.mean(expected))


def test_discrepancy_is_small_for_one_distribution_and_large_for_two():
    z, half = torch.randn(1, 600, 4), torch.eye(2).repeat(300, 1)[None]
    shifted = z + 5 * half[..., :1]
    assert mmd(z, half).item() < 0.02 < 0.3 < mmd(shifted, half).item()
    wider = z * (1 + 4 * half[..., :1])
    assert mmd(wider, half).item() > 0.1
    assert mmd(z, half[..., :1]).item() == 0
    torch.testing.assert_close(mmd(100 * shifted, half), mmd(shifted, half))

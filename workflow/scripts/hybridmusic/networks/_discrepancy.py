"""Measure the discrepancy between groups of points as distributions (Gretton et al. 2012)."""

from __future__ import annotations

import torch
from torch import Tensor

# Widths of the Gaussian kernels: narrow ones detect local differences, wide ones overall shifts.
WIDTHS = (0.125, 0.5, 1.0, 2.0, 8.0)


def mmd(z: Tensor, groups: Tensor) -> Tensor:
    """Compute the squared maximum mean discrepancy of `z`, the mean over all pairs of groups.

    For points x of one group and y of another (Gretton et al. 2012, equation 5)

        mean k(x, x') + mean k(y, y') - 2 mean k(x, y),   k(a, b) = mean_w exp(-|a - b|² / (w s))

    with w over `WIDTHS` and s the mean squared distance in `z`, so that the scale of `z` does not
    matter. Means are over all pairs, including each point with itself. This estimate is biased
    upwards by about 1 / n for groups of n, and never negative. The unbiased estimate would reward
    groups whose points repel each other.

    Parameters
    ----------
    z : (seeds, batch, d)
    groups : (seeds, batch, groups) of zeros and ones; a row of zeros belongs to no group

    Returns
    -------
    One number per seed, 0 to 2; 0 where fewer than two groups have points.
    """
    squared = (z.unsqueeze(2) - z.unsqueeze(1)).square().sum(dim=-1)
    scaled = squared / squared.mean(dim=(1, 2), keepdim=True).clamp(min=1e-12)
    kernel = torch.stack([torch.exp(-scaled / width) for width in WIDTHS]).mean(dim=0)
    count = groups.sum(dim=1, keepdim=True)
    share = groups / count.clamp(min=1)
    mean = share.transpose(1, 2) @ kernel @ share
    within = mean.diagonal(dim1=1, dim2=2)
    apart = within.unsqueeze(2) + within.unsqueeze(1) - 2 * mean
    present = (count > 0).float()
    compared = present.transpose(1, 2) * present - torch.diag_embed(present.squeeze(1))
    return (apart * compared).sum(dim=(1, 2)) / compared.sum(dim=(1, 2)).clamp(min=1)

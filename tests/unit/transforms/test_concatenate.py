"""Spaces are joined in order, as they are or with equal total variance."""

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from hybridmusic.spaces.scaling import standardise
from hybridmusic.transforms import concatenate

pytestmark = pytest.mark.numerical


def totals(x: np.ndarray, widths: list[int]) -> list[float]:
    """Return the sum of the variances of each block of columns."""
    blocks = np.split(x, np.cumsum(widths)[:-1], axis=1)
    return [np.trace(np.atleast_2d(np.cov(block.T, bias=True))) for block in blocks]


def joined(blocks: list[np.ndarray]) -> np.ndarray:
    return concatenate.transform(blocks, 0, weights="equal")


def test_concatenate_keeps_the_order_of_blocks():
    blocks = [np.zeros((3, 2)), np.ones((3, 4))]
    found = concatenate.transform(blocks, 0, weights="none")
    np.testing.assert_array_equal(found[0], [0, 0, 1, 1, 1, 1])


def test_blocks_of_equal_weight_have_the_same_total_variance():
    rng = np.random.default_rng(0)
    narrow, wide = rng.normal(size=(50, 4)), 3 * rng.normal(size=(50, 40)) + 7
    # Of rank 1, with a constant column.
    poor = np.column_stack([np.outer(rng.normal(size=50), [1.0, 2, -1]), np.full(50, 5.0)])
    blocks = [narrow, wide, poor]
    found, widths = joined(blocks), [4, 40, 4]
    expected = np.mean([block.var(axis=0).sum() for block in blocks])
    np.testing.assert_allclose(totals(found, widths), [expected] * 3, rtol=1e-5)
    # Columns of a block keep their proportions.
    ratio = found[:, :4] / narrow
    np.testing.assert_allclose(ratio, ratio[0, 0], rtol=1e-5)


def test_a_block_written_twice_side_by_side_counts_as_once():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(30, 3)), rng.normal(size=(30, 5))
    once, twice = joined([a, b]), joined([a, np.hstack([b, b])])

    def distances(x):
        squares = np.square(x[:, None] - x[None]).sum(axis=2)
        return squares / squares.mean()

    np.testing.assert_allclose(distances(once), distances(twice), rtol=1e-4, atol=1e-6)


def test_a_narrow_block_is_not_drowned_by_a_wide_one():
    rng = np.random.default_rng(2)
    groups = np.repeat(np.arange(4), 40)
    # Four clouds in eight columns, of which noise in 300 columns shows nothing.
    informative = standardise(4 * rng.normal(size=(4, 8))[groups] + rng.normal(size=(160, 8)))
    noise = standardise(rng.normal(size=(160, 300)))

    def agreement(weights: str) -> float:
        x = concatenate.transform([informative, noise], 0, weights=weights)
        clusters = KMeans(4, n_init=10, random_state=0).fit_predict(x)
        return adjusted_rand_score(groups, clusters)

    # Over 20 seeds: 0.999 ± 0.004, and 0.10 ± 0.07.
    assert agreement("equal") > 0.95
    assert agreement("none") < 0.45


def test_a_new_track_is_weighted_as_the_old_ones_are():
    rng = np.random.default_rng(3)
    old = [rng.normal(size=(40, 3)), 5 * rng.normal(size=(40, 9))]
    made = joined(old)
    alone = concatenate.place(old, [block[4:5] for block in old], weights="equal")
    np.testing.assert_array_equal(alone, made[4:5])
    far = concatenate.place(old, [100 * block[4:5] for block in old], weights="equal")
    np.testing.assert_allclose(far, 100 * made[4:5], rtol=1e-5)

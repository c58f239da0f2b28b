"""Members of a space are chosen by seed."""

import numpy as np
import pytest

from hybridmusic.errors import InputError
from hybridmusic.spaces.members import first, member, seeds_of, vectors_of

MEMBERS = {7: np.eye(2), 3: np.ones((2, 2))}


def test_the_member_of_a_seed_or_the_first_one():
    assert first(MEMBERS) is MEMBERS[7]
    assert member(MEMBERS, 3) is MEMBERS[3]
    assert member(MEMBERS, 4) is MEMBERS[7]
    assert member(MEMBERS, None) is MEMBERS[7]


def test_a_random_result_needs_all_seeds_and_any_other_the_first():
    one, several = {7: np.eye(2)}, MEMBERS
    assert seeds_of([one], False, [7, 3]) == [7]
    assert seeds_of([one], True, [7, 3]) == [7, 3]
    assert seeds_of([one, several], False, [7, 3]) == [7, 3]


def test_vectors_follow_the_ids():
    np.testing.assert_array_equal(vectors_of(["b", "a", "b"], (["a", "b"], MEMBERS))[1], [1, 0])
    np.testing.assert_array_equal(vectors_of(["a"], (["a", "b"], MEMBERS), 3), [[1, 1]])
    with pytest.raises(InputError, match=r"lacks 2 of the tracks .* such as 'c'"):
        vectors_of(["a", "c", "d"], (["a", "b"], MEMBERS))

"""Random streams are scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.model import random_state_of


@given(st.integers(0, 2**32 - 1))
def test_a_seed_gives_the_stream_that_numpy_gives(seed: int) -> None:
    ours, theirs = random_state_of(seed), np.random.RandomState(seed)
    assert np.array_equal(ours.permutation(50), theirs.permutation(50))
    assert np.array_equal(ours.normal(size=3), theirs.normal(size=3))


def test_a_stream_stays_itself() -> None:
    stream = np.random.RandomState(3)
    assert random_state_of(stream) is stream
    assert random_state_of(None) is np.random.mtrand._rand


@pytest.mark.parametrize("bad", ["x", 1.5])
def test_other_seeds_are_refused_in_scikit_learns_words(bad: object) -> None:
    with pytest.raises(ValueError, match="cannot be used to seed"):
        random_state_of(bad)

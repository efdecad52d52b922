"""Random streams are scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.model import random, random_state_of
from glassnet.model.random import mt19937_state, set_mt19937_state


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


@pytest.mark.parametrize("lies", [True, False])
def test_a_stream_goes_on_from_what_was_read_of_it(
    lies: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(random, "_lies_as_expected", lambda: lies)
    stream, copy = np.random.RandomState(5), np.random.RandomState(6)
    stream.normal()  # another one waits
    key, pos = mt19937_state(stream)
    _, told, told_pos, has_gauss, waits = stream.get_state()
    assert np.array_equal(key, told)
    assert pos == told_pos
    set_mt19937_state(copy, key, pos)
    assert np.array_equal(copy.permutation(2000), stream.permutation(2000))
    set_mt19937_state(stream, key, pos)
    assert stream.get_state()[3:] == (has_gauss, waits)
    assert np.array_equal(mt19937_state(stream)[0], key)


def test_words_lie_where_they_are_read() -> None:
    assert random._lies_as_expected()

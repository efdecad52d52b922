"""The split into training and held-out rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.errors import DataError
from glassnet.estimators.holdout import split_rows


@given(
    counts=st.lists(st.integers(5, 60), min_size=2, max_size=5),
    holdout=st.floats(0.2, 0.6),
    seed=st.integers(0, 1000),
)
def test_every_row_is_on_one_side_and_classes_keep_their_shares(
    counts: list[int], holdout: float, seed: int
) -> None:
    y = np.repeat(np.arange(len(counts)), counts)
    train, held_out = split_rows(y, holdout, seed)
    np.testing.assert_array_equal(np.sort(np.concatenate([train, held_out])), np.arange(len(y)))
    assert len(held_out) == int(np.ceil(holdout * len(y)))
    for c, count in enumerate(counts):
        assert abs(np.sum(y[held_out] == c) - len(held_out) * count / len(y)) <= 1
    assert np.all(np.diff(train) > 0)
    assert np.all(np.diff(held_out) > 0)


def test_the_seed_decides() -> None:
    y = ["a", "b"] * 50
    np.testing.assert_array_equal(split_rows(y, 0.1, 3)[1], split_rows(y, 0.1, 3)[1])
    assert not np.array_equal(split_rows(y, 0.1, 3)[1], split_rows(y, 0.1, 4)[1])


def test_none_held_out() -> None:
    train, held_out = split_rows([1, 2, 1], 0)
    np.testing.assert_array_equal(train, [0, 1, 2])
    assert len(held_out) == 0


@pytest.mark.parametrize("holdout", [0.1, 0.95, 1.0, -0.1, 1.5])
def test_shares_that_leave_a_side_without_a_class(holdout: float) -> None:
    with pytest.raises(DataError, match=r"share of .* of 12 rows"):
        split_rows([1, 2, 3, 4] * 3, holdout)

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multinomial

from glassnet.errors import DataError
from glassnet.evaluation import compare


def compared(both: int, first: int, second: int, neither: int):
    right = [(1, 1)] * both + [(1, 0)] * first + [(0, 1)] * second + [(0, 0)] * neither
    a, b = np.array(right).T
    return compare(np.ones(len(right), int), a, b)


@given(st.integers(0, 30), st.integers(0, 30))
def test_the_p_value_is_the_doubled_binomial_tail(b, c):
    n = b + c
    tail = sum(comb(n, i) for i in range(min(b, c) + 1)) / 2**n
    result = compared(10, b, c, 3)
    assert result.p_value == pytest.approx(min(1.0, 2 * tail))
    assert (result.both_right, result.only_first, result.only_second) == (10, b, c)
    assert (result.both_wrong, result.rows) == (3, 13 + n)
    assert result.difference == pytest.approx((c - b) / (13 + n))
    assert result.low <= result.difference <= result.high
    assert (result.p_value < 0.05) == (result.low > 0 or result.high < 0)


def test_a_clear_difference_is_concluded():
    result = compared(450, 5, 25, 20)
    assert result.p_value == pytest.approx(0.000325, abs=1e-6)
    assert "held-out rows, 25 are right with net only and 5 with logistic only" in result.sentence
    assert "net is better than logistic on rows like these" in result.sentence
    assert "logistic is better than net" in compared(450, 25, 5, 20).sentence


@pytest.mark.parametrize(("first", "second"), [(0.05, 0.3), (0.02, 0.2), (0.15, 0.15)])
def test_the_interval_holds_the_true_difference_in_95_of_100_samples(first, second):
    n, covered = 40, 0.0
    for b in range(n + 1):
        for c in range(n + 1 - b):
            share = multinomial.pmf([b, c, n - b - c], n, [first, second, 1 - first - second])
            if share > 1e-5:
                result = compared(0, b, c, n - b - c)
                covered += share * (result.low <= second - first <= result.high)
    assert covered > 0.94


def test_an_unclear_difference_is_not_concluded():
    sentence = compared(480, 5, 8, 7).sentence
    assert "do not show which is better" in sentence
    assert "do not show that both are equal either" in sentence


def test_equal_answers_cannot_be_told_apart():
    result = compared(490, 0, 0, 10)
    assert result.p_value == 1.0
    assert result.low == -result.high < 0
    assert "cannot tell them apart" in result.sentence


def test_a_tiny_p_value_is_not_printed_as_zero():
    assert "p < 0.0001" in compared(0, 0, 60, 0).sentence


def test_names_and_text_labels():
    labels = np.array(["a", "b", "b"])
    result = compare(labels, ["a", "a", "b"], labels.astype(object), names=("old", "new"))
    assert (result.names, result.only_second) == (("old", "new"), 1)
    assert result.to_dict()["names"] == ["old", "new"]


@pytest.mark.parametrize("predictions", [([1], [1, 1]), ([1, 1], [1])])
def test_other_lengths_are_refused(predictions):
    with pytest.raises(DataError, match="same rows"):
        compare([1, 1], *predictions)


def test_no_rows_are_refused():
    with pytest.raises(DataError, match="no rows"):
        compare([], [], [])

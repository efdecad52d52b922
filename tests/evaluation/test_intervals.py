"""Intervals against published numbers and against their own equations."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.evaluation import newcombe_interval, wilson_interval

Z = 1.959963984540054


@pytest.mark.parametrize(
    ("correct", "rows", "low", "high"),
    # Newcombe (1998), Two-sided confidence intervals for the single proportion, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(correct, rows, low, high):
    assert wilson_interval(correct, rows) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_ends_solve_its_equation(counts):
    correct, rows = counts
    p, (low, high) = correct / rows, wilson_interval(correct, rows)
    assert 0.0 <= low <= p + 1e-12
    assert p - 1e-12 <= high <= 1.0
    for end in (low, high):
        assert abs(p - end) == pytest.approx(Z * sqrt(end * (1 - end) / rows), abs=1e-6)


def test_nothing_is_known_without_rows():
    assert wilson_interval(0, 0) == (0.0, 1.0)


def test_more_confidence_is_wider():
    narrow, wide = wilson_interval(30, 50, 0.8), wilson_interval(30, 50, 0.99)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


@pytest.mark.parametrize(("correct", "rows"), [(5, 4), (-1, 4)])
def test_impossible_counts_are_refused(correct, rows):
    with pytest.raises(ValueError, match="must"):
        wilson_interval(correct, rows)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    # Newcombe (1998), Interval estimation for the difference, table II, method 10, cases a to h.
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_gives_the_published_intervals(first, second, low, high):
    assert newcombe_interval(first, second) == pytest.approx((low, high), abs=5e-5)

"""Intervals against published numbers and against their own equations."""

from __future__ import annotations

from math import inf, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from glassnet.evaluation import newcombe_interval, wilson_interval
from glassnet.evaluation.intervals import tango_interval

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


def likeliest_share(only_first: int, only_second: int, rows: int, delta: float) -> float:
    """The share of rows only in the first, where the second is ahead by delta, by a search."""

    def surprise(q: float) -> float:
        counts = (only_first, only_second, rows - only_first - only_second)
        shares = (q, q + delta, 1 - 2 * q - delta)
        return -sum(
            n * (log(share) if share > 0 else -inf)
            for n, share in zip(counts, shares, strict=True)
            if n
        )

    bounds = (max(0.0, -delta), (1 - delta) / 2)
    return float(minimize_scalar(surprise, bounds=bounds, options={"xatol": 1e-10}).x)


@pytest.mark.parametrize("counts", [(2, 12, 50), (12, 2, 50), (1, 0, 15), (93, 1291, 6000)])
def test_tango_ends_are_where_the_score_test_turns(counts):
    first, second, rows = counts
    for delta in tango_interval(first, second, rows):
        q = likeliest_share(first, second, rows, delta)
        score = (second - first - rows * delta) / sqrt(rows * (2 * q + delta * (1 - delta)))
        assert abs(score) == pytest.approx(Z, rel=1e-4)


@given(st.lists(st.integers(0, 300), min_size=3, max_size=3).filter(any))
def test_tango_holds_the_difference_and_swaps_with_the_shares(cells):
    first, second, rows = cells[0], cells[1], sum(cells)
    low, high = tango_interval(first, second, rows)
    assert -1.0 <= low <= (second - first) / rows <= high <= 1.0
    assert tango_interval(second, first, rows) == (-high, -low)


def test_tango_without_a_difference_is_wilson():
    assert tango_interval(0, 0, 40)[1] == pytest.approx(wilson_interval(0, 40)[1])

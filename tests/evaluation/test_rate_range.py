from __future__ import annotations

import json

import numpy as np
import pytest

from glassnet.errors import DataError
from glassnet.evaluation.rate_range import judge_rates


def test_the_range_by_hand() -> None:
    rates = [1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0]
    losses = [1.09, 1.0, 0.5, 0.1, 0.4, np.nan]
    found = judge_rates(rates, losses, epochs=5, baseline_loss=1.1)
    # 5 % of 1.1 is gone at 0.001; 0.1 is best; 1 still removes 0.7 of its 1.0; 10 diverged.
    assert (found.low, found.best, found.high, found.suggested) == (1e-3, 0.1, 1.0, 0.03)
    assert "0.001 is the smallest that learns, 0.1 learns fastest (loss 0.1)" in found.sentence()
    assert "above 1 training breaks down" in found.sentence()
    plain = found.to_dict()
    assert json.loads(json.dumps(plain)) == plain


def test_a_gap_ends_the_range() -> None:
    found = judge_rates([0.1, 1, 10, 100], [0.1, 9.0, 0.2, 9.0], epochs=5, baseline_loss=1.1)
    assert (found.best, found.high) == (0.1, 0.1)


def test_no_rate_that_learns_and_none_too_large() -> None:
    nothing = judge_rates([0.1, 1], [1.1, 1.2], epochs=5, baseline_loss=1.1)
    assert nothing.suggested is None
    assert "None of the rates from 0.1 to 1" in nothing.sentence()
    all_good = judge_rates([0.1, 1], [0.5, 0.4], epochs=5, baseline_loss=1.1)
    assert "no rate was too large" in all_good.sentence()


@pytest.mark.parametrize(
    ("rates", "losses"),
    [([0.1], [1.0]), ([1, 0.1], [1, 1]), ([0.1, 1], [1.0]), ([0.1, np.inf], [1, 1])],
)
def test_rates_that_are_no_range(rates: list[float], losses: list[float]) -> None:
    with pytest.raises(DataError, match="two or more ascending rates"):
        judge_rates(rates, losses, epochs=5, baseline_loss=1.1)

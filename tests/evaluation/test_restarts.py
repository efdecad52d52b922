from __future__ import annotations

import math

import pytest

from glassnet.errors import DataError
from glassnet.evaluation import restart_spread, wilson_interval


def test_the_spread_of_the_seeds_stands_beside_that_of_finite_rows():
    found = restart_spread([0.90, 0.94, 0.92, math.nan], kept=1, n_rows=400)
    assert (found.mean, found.sd) == pytest.approx((0.92, 0.02))
    assert (found.low, found.high, found.n_diverged) == (0.90, 0.94, 1)
    assert found.sampling_sd == pytest.approx(math.sqrt(0.92 * 0.08 / 400))
    assert (found.interval_low, found.interval_high) == wilson_interval(376, 400)
    assert found.sentence == (
        "3 random starts get 90.0 to 94.0 % of 400 rows right: another seed moves that by 2.00 "
        "percentage points (standard deviation), other rows would by 1.36. The seed matters more "
        "than which rows were held out: report several. 1 more diverged."
    )
    assert found.to_dict()["values"] == [0.90, 0.94, 0.92, None]


def test_where_rows_are_few_the_seed_matters_less():
    found = restart_spread([0.90, 0.94, 0.92], n_rows=50)
    assert (found.interval_low, found.interval_high) == wilson_interval(46, 50)
    assert found.sentence.endswith(
        "other rows would by 3.84. The choice of the seed matters less than which rows were held "
        "out."
    )


def test_losses_have_no_interval():
    found = restart_spread([2.0, 3.0, 4.0], kept=0, what="training loss")
    assert found.sampling_sd is found.interval_low is found.n_rows is None
    assert found.sentence == (
        "3 random starts end with a training loss of 2 to 4 (standard deviation 1)."
    )


def test_one_start_tells_nothing():
    found = restart_spread([0.9], n_rows=10)
    assert math.isnan(found.sd)
    assert found.sentence.startswith("One random start tells nothing of luck")


@pytest.mark.parametrize(
    ("values", "more", "sentence"),
    [
        ([], {}, "a finite value of one start or more"),
        ([math.inf, math.nan], {}, "a finite value of one start or more"),
        ([0.5, 0.6], {"kept": 2}, "Start 2 cannot be the kept one of 2 starts"),
        ([0.5, math.nan], {"kept": 1}, "or it diverged"),
        ([0.5, 1.5], {"n_rows": 10}, "these lie within 0.5 and 1.5"),
        ([0.5], {"n_rows": 0}, "a row or more"),
    ],
)
def test_what_does_not_fit_is_told(values, more, sentence):
    with pytest.raises(DataError, match=sentence):
        restart_spread(values, **more)

"""The short way through the checks ends where scikit-learn's does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator

from glassnet.estimators.checks import checked, checked_rows

X = np.arange(12.0).reshape(4, 3)
Y = np.array([0, 1, 0, 1])


class Fitted(BaseEstimator):
    n_features_in_: int


def test_plain_rows_are_returned_as_they_are() -> None:
    estimator = Fitted()
    rows, labels = checked(estimator, X, Y, reset=True)
    assert rows is X
    assert labels is Y
    assert estimator.n_features_in_ == 3
    assert checked_rows(estimator, X) is X


def test_plain_rows_take_the_names_of_earlier_ones_away() -> None:
    estimator = Fitted()
    checked(estimator, pd.DataFrame(X, columns=list("abc")), Y, reset=True)
    assert list(estimator.feature_names_in_) == ["a", "b", "c"]
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        checked_rows(estimator, X)
    checked(estimator, X, Y, reset=True)
    assert not hasattr(estimator, "feature_names_in_")


@pytest.mark.parametrize(
    ("rows", "labels", "message"),
    [
        (X[:, :2], Y, "has 2 features, but Fitted is expecting 3"),
        (np.where(X == 5, np.nan, X), Y, "NaN"),
        (np.where(X == 5, np.inf, X), Y, "infinity"),
        (X[0], Y, "Expected 2D array"),
        (X[:0], Y[:0], "0 sample"),
        (X, Y[:3], "inconsistent numbers of samples"),
        (X.astype(complex), Y, "Complex data not supported"),
    ],
)
def test_what_is_wrong_is_told_as_scikit_learn_does(rows: Any, labels: Any, message: str) -> None:
    estimator = Fitted()
    checked(estimator, X, Y, reset=True)
    with pytest.raises(ValueError, match=message):
        checked(estimator, rows, labels, reset=False)


def test_large_values_whose_sum_overflows_are_still_finite() -> None:
    huge = np.full((4, 3), 1e308)
    assert checked(Fitted(), huge, Y, reset=True)[0] is not None


def test_rows_of_whole_numbers_become_floats() -> None:
    rows, _ = checked(Fitted(), X.astype(int), Y, reset=True)
    assert rows.dtype == np.float64

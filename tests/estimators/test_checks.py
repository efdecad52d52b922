"""The short way through the checks ends where scikit-learn's does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator
from sklearn.utils._param_validation import make_constraint

from glassnet import MLPClassifier, MLPRegressor
from glassnet.estimators.checks import checked, checked_rows, has_valid_parameters

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


@pytest.mark.parametrize(
    "net", [MLPClassifier(), MLPRegressor()], ids=lambda net: type(net).__name__
)
def test_defaults_are_allowed_and_all_else_is_looked_at(net: Any) -> None:
    defaults = net.get_params(deep=False)
    assert has_valid_parameters(net)
    assert defaults.keys() <= net._parameter_constraints.keys()
    for name in defaults:
        checks = [make_constraint(one) for one in net._parameter_constraints[name]]
        for value in (defaults[name], None, -1, 0.5, "x", [], True, object()):
            expected = any(check.is_satisfied_by(value) for check in checks)
            assert has_valid_parameters(net.set_params(**{name: value})) == expected, (name, value)
        net.set_params(**defaults)


def test_what_is_remembered_of_a_value_is_not_told_of_its_equals() -> None:
    assert has_valid_parameters(MLPClassifier(max_iter=1))
    assert not has_valid_parameters(MLPClassifier(max_iter=1.0))
    assert has_valid_parameters(MLPClassifier(alpha=1.0))
    assert has_valid_parameters(MLPClassifier(max_iter=1))


def test_what_is_not_allowed_is_refused_in_scikit_learns_words() -> None:
    with pytest.raises(ValueError, match=r"The 'alpha' parameter of MLPClassifier must be a float"):
        MLPClassifier(alpha=-1).fit(X, Y)

"""Learning and validation curves are scikit-learn's, trained as one population."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.model_selection import validation_curve as sklearn_validation_curve

from glassnet import MLPClassifier, learning_curve, validation_curve
from glassnet.errors import DataError

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
NET = MLPClassifier((12,), max_iter=12, learning_rate_init=0.01, random_state=0)


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    X, y = load_digits(return_X_y=True)
    return X[:600] / 16, y[:600]


def test_a_validation_curve_is_scikit_learns(digits: Any) -> None:
    values = [1e-4, 1.0, 100.0]
    train, test = sklearn_validation_curve(
        NET, *digits, param_name="alpha", param_range=values, cv=3
    )
    ours = validation_curve(NET, *digits, "alpha", values, cv=3)
    np.testing.assert_array_equal(ours.scores[:, :, 0], test)
    np.testing.assert_array_equal(ours.train_scores[:, :, 0], train)
    assert ours.values[ours.best] == values[int(test.mean(axis=1).argmax())]


def test_each_point_of_a_learning_curve_is_a_fit_to_so_many_rows(digits: Any) -> None:
    X, y = digits
    even, odd = np.arange(0, 600, 2), np.arange(1, 600, 2)
    folds = [(even, odd), (odd, even)]
    curve = learning_curve(NET, X, y, train_sizes=(0.25, 0.5, 1.0), cv=folds, n_restarts=2)
    assert curve.sizes.tolist() == [75, 150, 300]
    assert curve.scores.shape == (3, 2, 2)
    # All rows of a fold, in whatever order: the score of a fit to them is near.
    whole = NET.fit(X[even], y[even]).score(X[odd], y[odd])
    assert curve.scores[-1, 0, 0] == pytest.approx(whole, abs=0.06)
    assert (np.diff(curve.means) > 0).all()
    assert (curve.train_means[:-1] >= curve.means[:-1]).all()


def test_smaller_sizes_are_among_larger_ones_and_even(digits: Any) -> None:
    from glassnet.search.curves import _evenly

    _, y = digits
    y = np.where(y < 7, 0, y)  # 70 % of one class
    order = _evenly(np.arange(100, 500), np.unique(y), y)
    assert sorted(order) == list(range(100, 500))
    shares = np.array([np.mean(y[100:500] == label) for label in np.unique(y)])
    for size in (40, 100, 200):
        counts = np.array([np.sum(y[order[:size]] == label) for label in np.unique(y)])
        assert (np.abs(counts - shares * size) <= 1.5).all()


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ((1.0,), "two shares or more"),
        ((0.5, 0.2), "ascending"),
        ((0.5, 1.5), "at most 1"),
        ((0.0001, 1.0), "too few for the sizes"),
    ],
)
def test_sizes_that_cannot_be_are_told(digits: Any, sizes: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        learning_curve(NET, *digits, train_sizes=sizes)


def test_a_parameter_that_is_not_there_is_told(digits: Any) -> None:
    with pytest.raises(DataError, match="no parameter 'gamma'"):
        validation_curve(NET, *digits, "gamma", [1])

"""Logistic regressions with an L1 norm, which scikit-learn's own solvers fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression as Sklearn

from glassnet import LogisticRegression

X, SPECIES = load_iris(return_X_y=True)
SAGA: dict[str, Any] = {"solver": "saga", "l1_ratio": 1, "random_state": 0, "max_iter": 3}


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("y", [SPECIES, SPECIES == 1], ids=["three classes", "two classes"])
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_warm_start_goes_on_as_scikit_learns(y: Any, fit_intercept: bool) -> None:
    options = {**SAGA, "warm_start": True, "fit_intercept": fit_intercept}
    ours, theirs = LogisticRegression(**options).fit(X, y), Sklearn(**options).fit(X, y)
    first = ours.coef_
    for _ in range(2):
        ours.fit(X, y)
        theirs.fit(X, y)
    assert np.abs(ours.coef_ - first).max() > 0.01
    np.testing.assert_array_equal(ours.coef_, theirs.coef_)
    np.testing.assert_array_equal(ours.intercept_, theirs.intercept_)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_one_vs_rest_goes_on_class_by_class() -> None:
    ours = LogisticRegression(**SAGA, multi_class="ovr", warm_start=True).fit(X, SPECIES)
    ours.fit(X, SPECIES)
    for species, coef in enumerate(ours.coef_):
        y = species == SPECIES
        alone = Sklearn(**SAGA, warm_start=True).fit(X, y).fit(X, y)
        np.testing.assert_array_equal(coef, alone.coef_[0])

"""Several epochs in one call, and solvers changed between calls."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits

from glassnet import MLPClassifier
from glassnet.training import available_engines

DIGITS, LABELS = load_digits(return_X_y=True)
X, Y = DIGITS[:300] / 16, LABELS[:300]
CLASSES = np.arange(10)


@pytest.fixture(autouse=True, params=available_engines())
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run every test with every engine."""
    monkeypatch.setenv("GLASSNET_ENGINE", request.param)
    return request.param


@pytest.mark.parametrize(
    "seed", [lambda: 3, lambda: np.random.RandomState(3)], ids=["int", "state"]
)
@pytest.mark.parametrize("parameters", [{}, {"solver": "sgd", "learning_rate": "adaptive"}])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_several_epochs_are_as_many_calls(dtype: Any, parameters: Any, seed: Any) -> None:
    rows = X.astype(dtype)
    settings = {"hidden_layer_sizes": (7,), "n_iter_no_change": 1, "tol": 0.1, **parameters}
    one, many = (MLPClassifier(**settings, random_state=seed()) for _ in range(2))
    one.partial_fit(rows, Y, classes=CLASSES, n_epochs=9)
    for _ in range(9):
        many.partial_fit(rows, Y, classes=CLASSES)
    assert len(one.loss_curve_) == 9
    assert one.loss_curve_ == many.loss_curve_
    assert one.t_ == many.t_ == 9 * 300
    assert one.n_iter_ == many.n_iter_
    pairs = zip(one.coefs_ + one.intercepts_, many.coefs_ + many.intercepts_, strict=True)
    assert all(np.array_equal(mine, theirs) for mine, theirs in pairs)
    assert np.array_equal(
        one.partial_fit(rows, Y).coefs_[0], many.partial_fit(rows, Y, n_epochs=1).coefs_[0]
    )


@pytest.mark.parametrize("n_epochs", [0, -1, 2.5])
def test_a_number_of_epochs_that_is_none_is_refused(n_epochs: Any) -> None:
    with pytest.raises((ValueError, TypeError), match="n_epochs"):
        MLPClassifier().partial_fit(X, Y, classes=CLASSES, n_epochs=n_epochs)


@pytest.mark.parametrize(("before", "after"), [("sgd", "adam"), ("adam", "sgd")])
def test_another_solver_begins_its_memory_anew(before: str, after: str) -> None:
    net = MLPClassifier((7,), solver=before, random_state=0, learning_rate_init=0.01)
    net.partial_fit(X, Y, classes=CLASSES, n_epochs=3)
    coefs = [coef.copy() for coef in net.coefs_]
    starts = [intercept.copy() for intercept in net.intercepts_]
    net.set_params(solver=after, learning_rate_init=0.02).partial_fit(X, Y)
    fresh = MLPClassifier((7,), solver=after, random_state=0, learning_rate_init=0.02)
    fresh.partial_fit(X, Y, classes=CLASSES)
    fresh.coefs_, fresh.intercepts_, fresh._optimizer_state = coefs, starts, None
    fresh.partial_fit(X, Y)
    assert np.array_equal(net.coefs_[0], fresh.coefs_[0])
    assert net.loss_curve_[-1] < net.loss_curve_[0]

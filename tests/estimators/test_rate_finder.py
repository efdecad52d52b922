"""The range test: its own judgement, and the rates that it finds on real rows."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_digits

from glassnet import MLPClassifier, rate_range
from glassnet.errors import DataError

X, y = load_digits(return_X_y=True)
X = X / 16


def test_the_losses_are_those_of_nets_fitted_alone() -> None:
    rates = [1e-3, 1e-2, 1e-1]
    found = rate_range(X, y, MLPClassifier((20,), random_state=3, alpha=0.1), rates=rates, epochs=4)
    for rate, loss in zip(rates, found.losses, strict=True):
        net = MLPClassifier(
            (20,), random_state=3, alpha=0.1, learning_rate_init=rate, max_iter=4, tol=0,
            n_iter_no_change=99,
        )  # fmt: skip
        with pytest.warns(UserWarning, match="maximum iterations"):
            net.fit(X, y)
        assert loss == pytest.approx(net.loss_curve_[-1], rel=1e-6)


@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_the_rate_it_suggests_trains_better_than_its_neighbours_far_away(solver: str) -> None:
    net = MLPClassifier((20,), solver=solver, activation="logistic", random_state=0)
    found = rate_range(X, y, net)
    assert found.low is not None
    assert found.suggested is not None
    assert found.high is not None
    assert found.low < found.suggested < found.high
    final = {}
    for factor in (0.03, 1.0, 30.0):
        rate = found.suggested * factor
        net.set_params(learning_rate_init=rate, max_iter=60, n_iter_no_change=99)
        with pytest.warns(UserWarning, match="maximum iterations"):
            net.fit(X, y)
        final[factor] = net.loss_curve_[-1]
    assert final[1.0] < 0.1
    assert final[1.0] < 0.2 * min(final[0.03], final[30.0])


def test_a_rate_at_which_training_diverges_has_an_infinite_loss() -> None:
    net = MLPClassifier((50,), activation="identity", solver="sgd", random_state=0)
    found = rate_range(X, y, net, rates=[0.1, 1e9])
    assert np.isinf(found.losses[1])
    assert found.to_dict()["losses"][1] is None
    assert "above 0.1 training breaks down" in found.sentence()


def test_what_it_refuses() -> None:
    with pytest.raises(DataError, match="'lbfgs' has no learning rate"):
        rate_range(X, y, MLPClassifier(solver="lbfgs"))
    with pytest.raises(DataError, match="ascending rates above 0"):
        rate_range(X, y, rates=[0.1, 0.01])
    with pytest.raises(DataError, match="ascending rates above 0"):
        rate_range(X, y, rates=[0.0, 0.01])
    with pytest.raises(DataError, match="two classes"):
        rate_range(X, np.zeros(len(X)))

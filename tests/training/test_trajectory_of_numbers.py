"""scikit-learn's own trajectory in float64, of nets that predict numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse
from sklearn.datasets import load_diabetes
from sklearn.neural_network import MLPRegressor as ScikitMLP
from sklearn.preprocessing import scale

from glassnet import MLPRegressor
from glassnet.training import available_engines

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
X, Y = load_diabetes(return_X_y=True)
X, Y = scale(X), Y / 100
RATES = {"sgd": 0.01, "adam": 0.003, "lbfgs": 0.001}
SOLVERS = [("sgd", s) for s in ("constant", "invscaling", "adaptive")] + [
    ("adam", "constant"),
    ("lbfgs", "constant"),
]
TOLERANCE = 1e-6
MISLED = ("lbfgs", "squared_error")

losses = pytest.mark.parametrize("loss", ["squared_error", "poisson"])
solvers = pytest.mark.parametrize("solver", list(RATES))


@pytest.fixture(autouse=True, params=available_engines())
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run every test with every engine."""
    monkeypatch.setenv("GLASSNET_ENGINE", request.param)
    return request.param


def both(data: Any, y: Any, sample_weight: Any = None, **parameters: Any) -> None:
    parameters = {
        "hidden_layer_sizes": (12, 5),
        "activation": "tanh",
        "batch_size": 64,
        "max_iter": 30,
        "random_state": 3,
        **parameters,
    }
    parameters.setdefault("learning_rate_init", RATES[parameters.get("solver", "adam")])
    theirs = ScikitMLP(**parameters).fit(data, y, sample_weight)
    ours = MLPRegressor(precision="float64", **parameters).fit(data, y, sample_weight)
    assert ours.n_iter_ == theirs.n_iter_
    assert ours.out_activation_ == theirs.out_activation_
    assert ours.loss_ == pytest.approx(theirs.loss_, rel=TOLERANCE)
    if theirs.solver != "lbfgs":
        np.testing.assert_allclose(ours.loss_curve_, theirs.loss_curve_, rtol=TOLERANCE)
        assert ours.t_ == theirs.t_
        if theirs.validation_scores_ is None:
            assert ours.validation_scores_ is None
        else:
            np.testing.assert_allclose(
                ours.validation_scores_, theirs.validation_scores_, rtol=TOLERANCE, atol=TOLERANCE
            )
    for mine, reference in zip(
        ours.coefs_ + ours.intercepts_, theirs.coefs_ + theirs.intercepts_, strict=True
    ):
        assert np.abs(mine - reference).max() <= TOLERANCE * np.abs(reference).max()
    np.testing.assert_allclose(ours.predict(data), theirs.predict(data), rtol=1e-5, atol=1e-6)


@losses
@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.parametrize(("solver", "schedule"), SOLVERS)
def test_every_solver_loss_and_schedule(
    solver: str, schedule: str, early_stopping: bool, loss: str
) -> None:
    both(X, Y, loss=loss, solver=solver, learning_rate=schedule, early_stopping=early_stopping)


@losses
@solvers
def test_sample_weights(solver: str, loss: str) -> None:
    weights = np.random.RandomState(0).uniform(0.1, 3, size=len(Y))
    both(X, Y, weights, solver=solver, loss=loss)
    both(X, Y, weights, solver=solver, loss=loss, early_stopping=True)


@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.parametrize(
    ("solver", "loss"),
    # scikit-learn's squared error of several outputs misleads its lbfgs; see MLPRegressor's Notes.
    [(s, loss) for s in RATES for loss in ("squared_error", "poisson") if (s, loss) != MISLED],
)
def test_several_outputs(solver: str, loss: str, early_stopping: bool) -> None:
    outputs = np.c_[Y, np.abs(X[:, 2]), np.zeros(len(Y))]
    both(X, outputs, solver=solver, loss=loss, early_stopping=early_stopping)


@losses
@solvers
def test_sparse_rows(solver: str, loss: str) -> None:
    both(scipy.sparse.csr_matrix(X * (X > 0)), Y, solver=solver, loss=loss)


@losses
def test_whole_numbers_and_zeros(loss: str) -> None:
    both(X, np.round(Y).astype(int), loss=loss)


@solvers
def test_warm_start_and_partial_fit_go_on_alike(solver: str) -> None:
    nets = []
    for make, more in ((MLPRegressor, {"precision": "float64"}), (ScikitMLP, {})):
        net = make(hidden_layer_sizes=(6,), solver=solver, max_iter=5, random_state=5)
        net.set_params(warm_start=True, **more)
        for _ in range(3):
            net.fit(X, Y)
        for start in range(0, 400 if solver != "lbfgs" else 0, 100):
            net.partial_fit(X[start : start + 100], Y[start : start + 100])
        nets.append(net)
    np.testing.assert_allclose(nets[0].predict(X), nets[1].predict(X), rtol=1e-5, atol=1e-6)
    assert nets[0].loss_ == pytest.approx(nets[1].loss_, rel=TOLERANCE)

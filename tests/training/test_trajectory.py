"""The strongest oracle: in float64, scikit-learn's own trajectory.

Same random state, so same initial weights, same batches, same updates: the loss of every epoch
and the coefs after thirty of them agree to a relative difference below 1e-6.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse
from sklearn.datasets import load_digits, make_multilabel_classification
from sklearn.neural_network import MLPClassifier as ScikitMLP

from glassnet.estimators import MLPClassifier
from glassnet.training import available_engines

pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
]
DIGITS, LABELS = load_digits(return_X_y=True)
DIGITS, LABELS = DIGITS[:300] / 16, LABELS[:300]
RATES = {"sgd": 0.05, "adam": 0.003, "lbfgs": 0.001}
SCHEDULED = [("sgd", s) for s in ("constant", "invscaling", "adaptive")]
SOLVERS = [*SCHEDULED, ("adam", "constant"), ("lbfgs", "constant")]
TOLERANCE = 1e-6


@pytest.fixture(autouse=True, params=available_engines())
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run every test with every engine."""
    monkeypatch.setenv("GLASSNET_ENGINE", request.param)
    return request.param


def agrees(ours: MLPClassifier, theirs: ScikitMLP) -> None:
    assert ours.n_iter_ == theirs.n_iter_
    assert ours.loss_ == pytest.approx(theirs.loss_, rel=TOLERANCE)
    if theirs.solver != "lbfgs":
        np.testing.assert_allclose(ours.loss_curve_, theirs.loss_curve_, rtol=TOLERANCE)
        assert ours.t_ == theirs.t_
        assert ours.validation_scores_ == theirs.validation_scores_
        assert ours.best_validation_score_ == theirs.best_validation_score_
        assert (ours.best_loss_ is None) == (theirs.best_loss_ is None)
        if theirs.best_loss_ is not None:
            assert ours.best_loss_ == pytest.approx(theirs.best_loss_, rel=TOLERANCE)
    ours_parts, theirs_parts = ours.coefs_ + ours.intercepts_, theirs.coefs_ + theirs.intercepts_
    for mine, reference in zip(ours_parts, theirs_parts, strict=True):
        assert mine.dtype == reference.dtype
        assert np.abs(mine - reference).max() <= TOLERANCE * np.abs(reference).max()


def both(X: Any, y: Any, sample_weight: Any = None, **parameters: Any) -> None:
    parameters = {
        "hidden_layer_sizes": (20, 7),
        "batch_size": 64,
        "max_iter": 30,
        "random_state": 3,
        **parameters,
    }
    parameters.setdefault("learning_rate_init", RATES[parameters.get("solver", "adam")])
    theirs = ScikitMLP(**parameters).fit(X, y, sample_weight)
    ours = MLPClassifier(precision="float64", **parameters).fit(X, y, sample_weight)
    agrees(ours, theirs)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-6)
    assert np.array_equal(ours.predict(X), theirs.predict(X))


@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh", "relu"])
@pytest.mark.parametrize(("solver", "schedule"), SOLVERS)
def test_every_solver_activation_and_schedule(
    solver: str, schedule: str, activation: str, early_stopping: bool
) -> None:
    both(
        DIGITS,
        LABELS,
        solver=solver,
        learning_rate=schedule,
        activation=activation,
        early_stopping=early_stopping,
    )


@pytest.mark.parametrize("solver", list(RATES))
def test_two_classes(solver: str) -> None:
    both(DIGITS, np.where(LABELS > 4, "high", "low"), solver=solver)


@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.parametrize("solver", list(RATES))
def test_many_labels_at_once(solver: str, early_stopping: bool) -> None:
    X, y = make_multilabel_classification(200, n_classes=4, random_state=0)
    both(X / 10, y, solver=solver, early_stopping=early_stopping)


@pytest.mark.parametrize("solver", list(RATES))
def test_sample_weights(solver: str) -> None:
    weights = np.random.RandomState(0).uniform(0.1, 3, size=len(LABELS))
    both(DIGITS, LABELS, weights, solver=solver)
    both(DIGITS, LABELS, weights, solver=solver, early_stopping=True)


@pytest.mark.parametrize("solver", list(RATES))
def test_sparse_rows(solver: str) -> None:
    both(scipy.sparse.csr_matrix(DIGITS), LABELS, solver=solver)


@pytest.mark.parametrize(
    "parameters",
    [
        {"nesterovs_momentum": False},
        {"momentum": 0.0},
        {"shuffle": False},
        {"batch_size": 300},
        {"batch_size": 1, "max_iter": 2},
        {"hidden_layer_sizes": ()},
        {"hidden_layer_sizes": (9, 8, 7, 6)},
        {"alpha": 3.0},
        {"power_t": 0.1, "learning_rate": "invscaling"},
        {"tol": 0.05, "n_iter_no_change": 2, "max_iter": 60},
        {"tol": 0.2, "n_iter_no_change": 1, "max_iter": 60, "learning_rate": "adaptive"},
        {"validation_fraction": 0.3, "early_stopping": True, "n_iter_no_change": 3, "max_iter": 60},
        {"solver": "adam", "beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3},
        {"solver": "adam", "early_stopping": True, "n_iter_no_change": 2, "max_iter": 60},
        {"solver": "lbfgs", "max_fun": 9},
        {"solver": "lbfgs", "alpha": 1.0, "tol": 1e-2, "max_iter": 200},
    ],
    ids=str,
)
def test_other_parameters(parameters: dict[str, Any]) -> None:
    both(DIGITS, LABELS, **{"solver": "sgd", **parameters})


def test_the_default_parameters() -> None:
    theirs = ScikitMLP(random_state=0, max_iter=30).fit(DIGITS, LABELS)
    ours = MLPClassifier(random_state=0, max_iter=30, precision="float64").fit(DIGITS, LABELS)
    agrees(ours, theirs)


@pytest.mark.parametrize("solver", list(RATES))
@pytest.mark.parametrize("make_state", [lambda: 5, lambda: np.random.RandomState(5)])
def test_warm_start_goes_on_alike(solver: str, make_state: Any) -> None:
    nets = []
    for make, more in ((MLPClassifier, {"precision": "float64"}), (ScikitMLP, {})):
        net = make((6,), solver=solver, max_iter=7, warm_start=True, random_state=make_state())
        net.set_params(**more)
        for _ in range(3):
            net.fit(DIGITS, LABELS)
        nets.append(net)
    agrees(*nets)


@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_partial_fit_goes_on_alike(solver: str) -> None:
    nets = []
    for make, more in ((MLPClassifier, {"precision": "float64"}), (ScikitMLP, {})):
        net = make((6,), solver=solver, random_state=2).set_params(**more)
        for start in range(0, 300, 50):
            rows = slice(start, start + 50)
            net.partial_fit(DIGITS[rows], LABELS[rows], classes=np.arange(10))
        nets.append(net)
    agrees(*nets)


def test_a_random_state_is_left_where_scikit_learn_leaves_it() -> None:
    states = [np.random.RandomState(4), np.random.RandomState(4)]
    ScikitMLP((5,), max_iter=3, random_state=states[0]).fit(DIGITS, LABELS)
    MLPClassifier((5,), max_iter=3, random_state=states[1]).fit(DIGITS, LABELS)
    assert states[0].randint(1 << 30) == states[1].randint(1 << 30)


def test_float32_follows_within_rounding() -> None:
    theirs = ScikitMLP((20,), max_iter=5, random_state=0).fit(DIGITS, LABELS)
    ours = MLPClassifier((20,), max_iter=5, random_state=0).fit(DIGITS, LABELS)
    np.testing.assert_allclose(ours.loss_curve_, theirs.loss_curve_, rtol=1e-5)
    assert ours.coefs_[0].dtype == np.float64
    assert np.array_equal(ours.coefs_[0], ours.coefs_[0].astype(np.float32))

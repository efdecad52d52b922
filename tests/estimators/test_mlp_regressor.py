"""The regressor's scikit-learn face: contract, attributes, outputs, errors."""

from __future__ import annotations

import inspect
import pickle
import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_diabetes, make_regression
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import r2_score
from sklearn.neural_network import MLPRegressor as ScikitMLP
from sklearn.preprocessing import scale
from sklearn.utils.estimator_checks import parametrize_with_checks

from glassnet import MLPRegressor
from glassnet.training import available_engines

DIABETES, PROGRESS = load_diabetes(return_X_y=True, scaled=True)
DIABETES, PROGRESS = scale(DIABETES), scale(PROGRESS)

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
solvers = pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])


@pytest.mark.filterwarnings("ignore:batch_size:UserWarning")
@parametrize_with_checks(
    [
        MLPRegressor(max_iter=100),
        MLPRegressor(solver="sgd", max_iter=50, precision="float64"),
        MLPRegressor(solver="lbfgs", max_iter=100),
    ]
)
def test_scikit_learns_checks(estimator: Any, check: Any) -> None:
    check(estimator)


def test_parameters_and_defaults_are_scikit_learns() -> None:
    ours = inspect.signature(MLPRegressor).parameters
    theirs = inspect.signature(ScikitMLP).parameters
    assert list(ours)[: len(theirs)] == list(theirs)
    for name, parameter in theirs.items():
        assert ours[name].default == parameter.default, name
        assert ours[name].kind == parameter.kind, name


@solvers
@pytest.mark.parametrize("early_stopping", [False, True])
def test_public_attributes_are_scikit_learns(solver: str, early_stopping: bool) -> None:
    ours, theirs = (
        make(hidden_layer_sizes=(3,), solver=solver, early_stopping=early_stopping, max_iter=50)
        .fit(DIABETES, PROGRESS)
        for make in (MLPRegressor, ScikitMLP)
    )  # fmt: skip
    public = [
        {name for name in dir(net) if name.endswith("_") and name[0] != "_"}
        for net in (ours, theirs)
    ]
    assert public[1] <= public[0]
    assert ours.out_activation_ == theirs.out_activation_ == "identity"


@solvers
def test_one_output_is_a_column_and_several_are_a_matrix(solver: str) -> None:
    net = MLPRegressor(hidden_layer_sizes=(5,), solver=solver, max_iter=20, random_state=0)
    assert net.fit(DIABETES, PROGRESS).predict(DIABETES).shape == (442,)
    assert net.score(DIABETES, PROGRESS) == r2_score(PROGRESS, net.predict(DIABETES))
    both = np.c_[PROGRESS, -PROGRESS]
    assert net.fit(DIABETES, both).predict(DIABETES).shape == (442, 2)
    assert net.n_outputs_ == 2


def test_lbfgs_finds_the_least_squares_of_several_outputs() -> None:
    X, Y = make_regression(60, 3, n_targets=2, noise=5.0, random_state=0)
    Y = Y / 50
    net = MLPRegressor(hidden_layer_sizes=(), solver="lbfgs", alpha=0, tol=1e-9, max_iter=500)
    net.fit(X, Y)
    solution = np.linalg.lstsq(np.c_[X, np.ones(60)], Y)[0]
    np.testing.assert_allclose(net.coefs_[0], solution[:3], atol=1e-3)
    np.testing.assert_allclose(net.intercepts_[0], solution[3], atol=1e-3)
    errors = Y - net.predict(X)
    assert net.loss_ == pytest.approx((errors**2).sum() / 120, rel=1e-9)


def test_poisson_learns_rates() -> None:
    random = np.random.RandomState(0)
    X = random.normal(size=(2000, 2))
    y = random.poisson(np.exp(0.5 + X @ [0.7, -0.4]))
    net = MLPRegressor("poisson", (), solver="lbfgs", alpha=0).fit(X, y)
    assert net.out_activation_ == "exp"
    np.testing.assert_allclose(net.coefs_[0].ravel(), [0.7, -0.4], atol=0.03)
    assert net.intercepts_[0][0] == pytest.approx(0.5, abs=0.03)
    assert (net.predict(X) > 0).all()


@pytest.mark.parametrize("engine", available_engines())
def test_early_stopping_restores_the_best_by_determination(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLASSNET_ENGINE", engine)
    net = MLPRegressor(
        hidden_layer_sizes=(30,), early_stopping=True, random_state=0, max_iter=500, alpha=0,
        learning_rate_init=0.02, n_iter_no_change=3,
    ).fit(DIABETES, PROGRESS)  # fmt: skip
    assert net.n_iter_ < 500
    assert net.best_validation_score_ == max(net.validation_scores_)
    assert net.best_loss_ is None
    assert 0.2 < net.best_validation_score_ < 1


@pytest.mark.parametrize(
    ("parameters", "y", "sentence"),
    [
        ({"loss": "poisson"}, PROGRESS, r"y of 0 or more, but -1\.\d+ is in it"),
        ({"loss": "log_loss"}, PROGRESS, "loss"),
        ({"learning_rate_init": 1e30, "solver": "sgd"}, PROGRESS, r"learning_rate_init \(1e\+30\)"),
        ({}, np.full(442, np.nan), "NaN"),
        ({}, np.array(["a"] * 442), "string"),
    ],
)
def test_what_cannot_be_fitted_is_told(parameters: dict[str, Any], y: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        MLPRegressor(hidden_layer_sizes=(3,), max_iter=20, random_state=0, **parameters).fit(
            DIABETES, y
        )


def test_partial_fit_goes_on_and_refuses_other_outputs() -> None:
    net = MLPRegressor(hidden_layer_sizes=(3,), random_state=0)
    for _ in range(3):
        net.partial_fit(DIABETES, PROGRESS)
    assert net.t_ == 3 * 442
    assert len(net.loss_curve_) == 3
    with pytest.raises(ValueError, match="y has 2 outputs, but the net was fitted to 1"):
        net.partial_fit(DIABETES, np.c_[PROGRESS, PROGRESS])
    assert not hasattr(MLPRegressor(solver="lbfgs"), "partial_fit")


def test_clone_and_pickle_give_the_same_net() -> None:
    net = MLPRegressor(hidden_layer_sizes=(5,), max_iter=5, random_state=1).fit(DIABETES, PROGRESS)
    again = pickle.loads(pickle.dumps(net))
    assert np.array_equal(again.predict(DIABETES), net.predict(DIABETES))
    assert np.array_equal(clone(net).fit(DIABETES, PROGRESS).coefs_[0], net.coefs_[0])


def test_predictions_come_back_in_the_dtype_of_X() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        net = MLPRegressor(hidden_layer_sizes=(3,), max_iter=5, random_state=0)
        net.fit(DIABETES.astype(np.float32), PROGRESS)
        assert net.coefs_[0].dtype == np.float32
        assert net.predict(DIABETES.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("name", available_engines())
def test_a_net_that_diverges_after_good_epochs_is_kept_as_it_was_best(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLASSNET_ENGINE", name)
    net = MLPRegressor(
        hidden_layer_sizes=(20,),
        solver="sgd",
        learning_rate="one_cycle",
        learning_rate_init=1.0,
        max_iter=40,
        early_stopping=True,
        n_iter_no_change=100,
        random_state=0,
    )
    with pytest.warns(
        ConvergenceWarning, match=r"diverged after 1\d epochs .* score is kept\. Scale"
    ):
        net.fit(DIABETES, PROGRESS)
    assert 10 <= net.n_iter_ < 20
    assert net.score(DIABETES, PROGRESS) > 0.4

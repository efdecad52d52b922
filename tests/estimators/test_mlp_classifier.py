"""The net's scikit-learn face: contract, attributes, warnings, errors."""

from __future__ import annotations

import inspect
import pickle
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits, load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier as ScikitMLP
from sklearn.utils.estimator_checks import (
    check_sample_weight_equivalence_on_dense_data,
    check_sample_weight_equivalence_on_sparse_data,
    parametrize_with_checks,
)

from glassnet.estimators import MLPClassifier
from glassnet.training import available_engines

IRIS, SPECIES = load_iris(return_X_y=True)
DIGITS, LABELS = load_digits(return_X_y=True)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.filterwarnings("ignore:batch_size:UserWarning")
@parametrize_with_checks(
    [
        MLPClassifier(max_iter=100),
        MLPClassifier(solver="sgd", max_iter=50, precision="float64"),
        # Longer, lbfgs reaches probabilities of exactly 1, which a check forbids; scikit-learn's
        # own net fails there too.
        MLPClassifier(solver="lbfgs", max_iter=50),
    ]
)
def test_scikit_learns_checks(estimator: Any, check: Any) -> None:
    check(estimator)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(
    "check",
    [
        check_sample_weight_equivalence_on_dense_data,
        check_sample_weight_equivalence_on_sparse_data,
    ],
)
def test_weights_are_repetitions_with_lbfgs(check: Any) -> None:
    """As scikit-learn runs these checks on its own net."""
    check("MLPClassifier", MLPClassifier(solver="lbfgs", max_iter=100))


def test_parameters_and_defaults_are_scikit_learns() -> None:
    ours = inspect.signature(MLPClassifier).parameters
    theirs = inspect.signature(ScikitMLP).parameters
    assert list(ours)[: len(theirs)] == list(theirs)
    for name, parameter in theirs.items():
        assert ours[name].default == parameter.default, name
        assert ours[name].kind == parameter.kind, name


@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
@pytest.mark.parametrize("early_stopping", [False, True])
def test_public_attributes_are_scikit_learns(solver: str, early_stopping: bool) -> None:
    made = []
    for make in (MLPClassifier, ScikitMLP):
        net = make((3,), solver=solver, early_stopping=early_stopping, max_iter=500)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            net.fit(IRIS, SPECIES)
        made.append({name for name in dir(net) if name[0] != "_"})
    ours, theirs = made
    assert theirs <= ours


def test_not_converging_is_told_with_what_to_change() -> None:
    with pytest.warns(ConvergenceWarning, match=r"maximum iterations \(3\).*learning_rate_init"):
        MLPClassifier((3,), max_iter=3, random_state=0).fit(IRIS, SPECIES)
    with pytest.warns(ConvergenceWarning, match=r"lbfgs stopped.*max_iter=2.*Raise max_iter"):
        MLPClassifier((3,), solver="lbfgs", max_iter=2, random_state=0).fit(IRIS, SPECIES)


def test_attributes_may_be_changed_between_fits() -> None:
    net = MLPClassifier(solver="sgd", random_state=0, max_iter=5)
    net.hidden_layer_sizes = (4,)
    net.activation = "logistic"
    with pytest.warns(ConvergenceWarning):
        net.fit(DIGITS / 16, LABELS)
    slow = net.loss_
    net.learning_rate_init = 1
    with pytest.warns(ConvergenceWarning):
        net.fit(DIGITS / 16, LABELS)
    assert net.loss_ < slow / 1.5
    assert len(net.loss_curve_) == 5


def test_diverging_is_told_with_what_to_change() -> None:
    net = MLPClassifier((3,), solver="sgd", learning_rate_init=1e30, random_state=0)
    with pytest.raises(ValueError, match=r"non-finite.*learning_rate_init \(1e\+30\)"):
        net.fit(IRIS, SPECIES)


def test_values_beyond_float32_are_refused_not_silently_wrong() -> None:
    X = np.full((3000, 2), 1e200)
    X[::2] = -1e200
    with pytest.raises(ValueError, match="Scale the features"):
        MLPClassifier((100,), random_state=0).fit(X, np.arange(3000) % 2)


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"hidden_layer_sizes": -1}, "hidden_layer_sizes"),
        ({"hidden_layer_sizes": (3, 0)}, "at least one unit"),
        ({"hidden_layer_sizes": (3.5,)}, "whole numbers"),
        ({"hidden_layer_sizes": "40"}, "hidden_layer_sizes"),
        ({"activation": "sigmoid"}, "activation"),
        ({"solver": "newton"}, "solver"),
        ({"learning_rate_init": 0}, "learning_rate_init"),
        ({"precision": "float16"}, "precision"),
        ({"early_stopping": True, "validation_fraction": 0.001}, "validation"),
    ],
)
def test_bad_parameters_are_named(parameters: dict[str, Any], sentence: str) -> None:
    with pytest.raises((ValueError, TypeError), match=sentence):
        MLPClassifier(**parameters).fit(IRIS, SPECIES)


def test_partial_fit_belongs_to_the_stochastic_solvers() -> None:
    assert hasattr(MLPClassifier(solver="sgd"), "partial_fit")
    assert not hasattr(MLPClassifier(solver="lbfgs"), "partial_fit")
    with pytest.raises(ValueError, match="early_stopping=True"):
        MLPClassifier(early_stopping=True).partial_fit(IRIS, SPECIES, classes=[0, 1, 2])
    with pytest.raises(ValueError, match="classes"):
        MLPClassifier().partial_fit(IRIS, SPECIES)
    net = MLPClassifier().partial_fit(IRIS[:100], SPECIES[:100], classes=[0, 1, 2])
    with pytest.raises(ValueError, match=r"\[7\] are not among"):
        net.partial_fit(IRIS[:2], [0, 7])


def test_warm_start_refuses_other_classes() -> None:
    net = MLPClassifier((3,), warm_start=True, max_iter=1000, solver="lbfgs").fit(IRIS, SPECIES)
    with pytest.raises(ValueError, match="warm_start"):
        net.fit(IRIS, SPECIES == 0)


def test_a_batch_larger_than_the_data_is_clipped_with_a_warning() -> None:
    net = MLPClassifier((3,), batch_size=1000, max_iter=2, random_state=0)
    with pytest.warns() as heard:
        net.fit(IRIS, SPECIES)
    assert any("batch_size=1000 is larger than the 150" in str(w.message) for w in heard)


def test_verbose_prints_every_epoch(capsys: pytest.CaptureFixture[str]) -> None:
    settings = {"max_iter": 200, "random_state": 0, "early_stopping": True, "solver": "sgd"}
    ours = MLPClassifier((3,), verbose=True, precision="float64", **settings).fit(IRIS, SPECIES)
    mine = capsys.readouterr().out.splitlines()
    ScikitMLP((3,), verbose=True, **settings).fit(IRIS, SPECIES)
    theirs = capsys.readouterr().out.splitlines()
    assert mine[:-1] == theirs[:-1]
    assert mine[0] == f"Iteration 1, loss = {ours.loss_curve_[0]:.8f}"
    assert "did not improve" in mine[-1]


def test_an_interruption_keeps_the_net_and_warns() -> None:
    class StopsSoon:
        def epoch_ends(self, member: int, epoch: int, loss: float, score: float | None) -> None:
            if epoch == 4:
                raise KeyboardInterrupt

        def says(self, member: int, message: str) -> None: ...

    net = MLPClassifier((3,), random_state=0)
    with pytest.warns(UserWarning, match="interrupted"):
        net.fit_monitored(IRIS, SPECIES, StopsSoon())
    assert net.n_iter_ == 4
    assert net.predict(IRIS).shape == (150,)


def test_coefs_come_back_in_the_dtype_of_X() -> None:
    for dtype in (np.float32, np.float64):
        net = MLPClassifier((3,), solver="lbfgs", max_iter=1000, random_state=0)
        net.fit(IRIS.astype(dtype), SPECIES)
        assert {part.dtype for part in net.coefs_ + net.intercepts_} == {np.dtype(dtype)}
        assert net.predict_proba(IRIS.astype(dtype)).dtype == dtype


def test_frames_keep_their_names_and_refuse_others() -> None:
    frame = pd.DataFrame(IRIS, columns=["a", "b", "c", "d"])
    net = MLPClassifier((3,), solver="lbfgs", max_iter=1000, random_state=0).fit(frame, SPECIES)
    assert net.feature_names_in_.tolist() == ["a", "b", "c", "d"]
    with pytest.raises(ValueError, match="feature names"):
        net.predict(frame.rename(columns={"a": "z"}))


def test_log_probabilities_of_impossible_classes_are_minus_infinity() -> None:
    net = MLPClassifier((), solver="lbfgs", max_iter=1000).fit(IRIS, SPECIES)
    net.coefs_ = [net.coefs_[0] * 1e6]
    logs = net.predict_log_proba(IRIS)
    assert np.isneginf(logs.min())
    np.testing.assert_array_equal(np.exp(logs), net.predict_proba(IRIS))


def test_clone_and_pickle_give_the_same_net() -> None:
    net = MLPClassifier((5,), solver="lbfgs", max_iter=1000, random_state=1).fit(IRIS, SPECIES)
    again = pickle.loads(pickle.dumps(net))
    assert np.array_equal(again.predict_proba(IRIS), net.predict_proba(IRIS))
    fresh = clone(net).fit(IRIS, SPECIES)
    assert np.array_equal(fresh.coefs_[0], net.coefs_[0])


def test_few_rows_are_computed_in_float64_and_many_in_float32() -> None:
    def is_single(net: MLPClassifier) -> bool:
        return all(np.array_equal(c, c.astype(np.float32)) for c in net.coefs_)

    settings = {"max_iter": 2, "random_state": 0}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        few, labels = IRIS[::2], SPECIES[::2]
        small = MLPClassifier((10,), **settings).fit(few, labels)
        exact = MLPClassifier((10,), precision="float64", **settings).fit(few, labels)
        large = MLPClassifier((20,), **settings).fit(DIGITS, LABELS)
        theirs = ScikitMLP((10,), **settings).fit(few, labels)
    assert np.array_equal(small.coefs_[0], exact.coefs_[0])
    np.testing.assert_allclose(small.coefs_[0], theirs.coefs_[0], rtol=1e-12)
    assert not is_single(small)
    assert is_single(large)


class OneHiddenLayer(MLPClassifier):  # type: ignore[misc]
    """As users write it for scikit-learn's: parameters of its own, set after the parent's."""

    def __init__(self, units: int = 5, max_iter: int = 20) -> None:
        super().__init__(hidden_layer_sizes=(units,), max_iter=max_iter, random_state=0)
        self.units = units


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_subclass_may_have_parameters_of_its_own() -> None:
    net = clone(OneHiddenLayer(units=3, max_iter=7)).fit(IRIS, SPECIES)
    assert net.get_params() == {"units": 3, "max_iter": 7}
    parent = MLPClassifier((3,), max_iter=7, random_state=0).fit(IRIS, SPECIES)
    np.testing.assert_array_equal(net.coefs_[0], parent.coefs_[0])
    assert pickle.loads(pickle.dumps(net)).score(IRIS, SPECIES) == parent.score(IRIS, SPECIES)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("name", available_engines())
def test_rows_too_large_for_float32_are_predicted_in_float64(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLASSNET_ENGINE", name)
    X, y = load_iris(return_X_y=True)
    net = MLPClassifier((5,), max_iter=5, random_state=0, activation="tanh").fit(X, y)
    large = np.vstack([X, np.full((1, 4), 1e39)])  # so many rows are computed in float32
    p = net.predict_proba(large)
    assert np.isfinite(p).all()
    np.testing.assert_allclose(p[-1], net.predict_proba(large[-1:])[0], rtol=1e-12)

"""Rows to validate on: one's own, their curves, and whose score stops the training."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn import config_context
from sklearn.datasets import load_digits, load_iris, make_multilabel_classification
from sklearn.metrics import (
    balanced_accuracy_score,
    log_loss,
    mean_absolute_error,
    mean_poisson_deviance,
    mean_squared_error,
    roc_auc_score,
)
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler, scale

from glassnet import MLPClassifier, MLPRegressor
from glassnet.training import available_engines

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
DIGITS, LABELS = load_digits(return_X_y=True)
X, Y, X_VAL, Y_VAL = DIGITS[:500] / 16, LABELS[:500], DIGITS[500:700] / 16, LABELS[500:700]
NET: dict[str, Any] = {"hidden_layer_sizes": (12,), "random_state": 0, "max_iter": 12}
IRIS, SPECIES = load_iris(return_X_y=True)


@pytest.fixture(autouse=True, params=available_engines())
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run every test with every engine."""
    monkeypatch.setenv("GLASSNET_ENGINE", request.param)
    return request.param


@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_ones_own_rows_are_recorded_and_change_nothing(solver: str) -> None:
    net = MLPClassifier(**NET, solver=solver, precision="float64")
    alone = [coef.copy() for coef in net.fit(X, Y).coefs_]
    assert net.validation_scores_ is None
    assert net.validation_loss_curve_ is None
    assert net.train_score_curve_ is None
    net.fit(X, Y, X_val=X_VAL, y_val=Y_VAL)
    assert all(np.array_equal(a, b) for a, b in zip(alone, net.coefs_, strict=True))
    assert len(net.validation_scores_) == len(net.validation_loss_curve_) == net.n_iter_
    assert net.validation_scores_[-1] == net.score(X_VAL, Y_VAL)
    assert net.best_validation_score_ == max(net.validation_scores_)
    assert net.train_score_curve_[-1] == net.score(X, Y)
    assert net.validation_loss_curve_[-1] == pytest.approx(
        log_loss(Y_VAL, net.predict_proba(X_VAL)), rel=1e-9
    )
    assert net.best_loss_ == min(net.loss_curve_)


def test_ones_own_rows_stop_the_training_and_all_others_are_trained_on() -> None:
    settings = {**NET, "max_iter": 300, "early_stopping": True, "n_iter_no_change": 3}
    net = MLPClassifier(**settings, learning_rate_init=0.03, precision="float64")
    net.fit(X, Y, X_val=X_VAL, y_val=Y_VAL)
    assert net.n_iter_ < 300
    assert net.t_ == net.n_iter_ * len(X)
    assert net.score(X_VAL, Y_VAL) == max(net.validation_scores_) == net.best_validation_score_
    assert net.best_loss_ is None
    best = int(np.argmax(net.validation_scores_))
    until = MLPClassifier(**{**NET, "max_iter": best + 1}, learning_rate_init=0.03)
    until.set_params(precision="float64", n_iter_no_change=300).fit(X, Y)
    assert np.array_equal(net.coefs_[0], until.coefs_[0])


def test_weights_of_the_rows_count() -> None:
    weights = np.random.RandomState(0).uniform(0.1, 3, len(Y_VAL))
    net = MLPClassifier(**NET, precision="float64", class_weight="balanced")
    net.fit(X, Y, X_val=X_VAL, y_val=Y_VAL, sample_weight_val=weights)
    assert net.validation_scores_[-1] == pytest.approx(net.score(X_VAL, Y_VAL, weights))
    expected = log_loss(Y_VAL, net.predict_proba(X_VAL), sample_weight=weights)
    assert net.validation_loss_curve_[-1] == pytest.approx(expected, rel=1e-9)


def test_several_labels_a_row() -> None:
    rows, labels = make_multilabel_classification(200, n_classes=4, random_state=0)
    net = MLPClassifier(**NET, precision="float64", scoring="f1_macro", record_train_score=True)
    net.fit(rows[:150] / 10, labels[:150], X_val=rows[150:] / 10, y_val=labels[150:])
    p = np.clip(net.predict_proba(rows[150:] / 10), 1e-15, 1)
    losses = -np.where(labels[150:] == 1, np.log(p), np.log1p(-p)).sum(axis=1)
    assert net.validation_loss_curve_[-1] == pytest.approx(losses.mean(), rel=1e-9)
    assert len(net.train_score_curve_) == 12
    with pytest.raises(ValueError, match="y_val"):
        net.fit(rows / 10, labels, X_val=rows / 10, y_val=labels[:, 0])


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_any_scorer_of_scikit_learns(solver: str) -> None:
    y, y_val = (np.where(labels < 4, "few", "many") for labels in (Y, Y_VAL))
    net = MLPClassifier(**NET, solver=solver, scoring="roc_auc", precision="float64")
    net.fit(X, y, X_val=X_VAL, y_val=y_val)
    found = roc_auc_score(y_val, net.predict_proba(X_VAL)[:, 1])
    assert net.validation_scores_[-1] == pytest.approx(found, rel=1e-12)
    found = roc_auc_score(y, net.predict_proba(X)[:, 1])
    assert net.train_score_curve_[-1] == pytest.approx(found, rel=1e-12)


def test_the_score_that_is_asked_for_stops_the_training_and_its_best_net_comes_back() -> None:
    def scorer(net: MLPClassifier, rows: Any, labels: Any) -> float:
        return float(balanced_accuracy_score(labels, net.predict(rows)))

    settings = {**NET, "max_iter": 300, "early_stopping": True, "n_iter_no_change": 4}
    net = MLPClassifier(**settings, learning_rate_init=0.03, scoring=scorer)
    frame = pd.DataFrame(X, columns=[f"pixel{i}" for i in range(64)])
    net.fit(frame, Y, X_val=pd.DataFrame(X_VAL, columns=frame.columns), y_val=Y_VAL)
    assert net.n_iter_ < 300
    best = balanced_accuracy_score(Y_VAL, net.predict(pd.DataFrame(X_VAL, columns=frame.columns)))
    assert best == max(net.validation_scores_) == net.best_validation_score_
    assert net.feature_names_in_[0] == "pixel0"


def test_accuracy_by_name_is_the_engines_own() -> None:
    settings = {**NET, "max_iter": 60, "early_stopping": True, "n_iter_no_change": 3}
    own = MLPClassifier(**settings).fit(X, Y)
    named = MLPClassifier(**settings, scoring="accuracy", record_train_score=True).fit(X, Y)
    assert own.validation_scores_ == named.validation_scores_
    assert np.array_equal(own.coefs_[0], named.coefs_[0])
    assert own.train_score_curve_ is None
    assert len(named.train_score_curve_) == named.n_iter_
    engines_own = MLPClassifier(**settings, record_train_score=True).fit(X, Y)
    assert engines_own.train_score_curve_ == pytest.approx(named.train_score_curve_, rel=1e-12)


def test_restarts_are_compared_by_the_score_that_stops_them_alone() -> None:
    settings = {**NET, "n_restarts": 3, "scoring": "neg_log_loss"}
    net = MLPClassifier(**settings).fit(X, Y, X_val=X_VAL, y_val=Y_VAL)
    assert net.loss_ == min(restart.loss for restart in net.restarts_)
    net.set_params(early_stopping=True).fit(X, Y, X_val=X_VAL, y_val=Y_VAL)
    best = max(restart.score for restart in net.restarts_)
    assert net.best_validation_score_ == best
    assert -log_loss(Y_VAL, net.predict_proba(X_VAL)) == pytest.approx(best, rel=1e-6)


def test_a_warm_start_goes_on_with_the_curves() -> None:
    net = MLPClassifier(**{**NET, "max_iter": 3}, warm_start=True, n_iter_no_change=50)
    for _ in range(2):
        net.fit(X, Y, X_val=X_VAL, y_val=Y_VAL)
    assert len(net.validation_loss_curve_) == len(net.train_score_curve_) == 6
    assert net.validation_scores_[-1] == net.score(X_VAL, Y_VAL)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"X_val": X_VAL}, "y_val is not given"),
        ({"y_val": Y_VAL}, "X_val is not given"),
        ({"sample_weight_val": Y_VAL}, "X_val and y_val is not given"),
        ({"X_val": X_VAL[:, :5], "y_val": Y_VAL}, "5 features"),
        ({"X_val": X_VAL, "y_val": Y_VAL[:9]}, "inconsistent numbers"),
        ({"X_val": X_VAL, "y_val": Y_VAL + 5}, "y_val"),
        ({"X_val": X_VAL * np.nan, "y_val": Y_VAL}, "NaN"),
    ],
)
def test_rows_that_do_not_fit_are_refused(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        MLPClassifier(**NET).fit(X, Y, **given)


def test_other_names_of_features_and_scores_of_several_numbers_are_refused() -> None:
    frame = pd.DataFrame(IRIS, columns=["a", "b", "c", "d"])
    with pytest.raises(ValueError, match="feature names"):
        MLPClassifier(**NET).fit(
            frame, SPECIES, X_val=frame.rename(columns={"a": "z"}), y_val=SPECIES
        )
    net = MLPClassifier(**NET, scoring=lambda net, X, y: net.predict_proba(X))
    with pytest.raises(ValueError, match="one number"):
        net.fit(IRIS, SPECIES, X_val=IRIS, y_val=SPECIES)
    with pytest.raises(ValueError, match="scoring"):
        MLPClassifier(**NET, scoring="niceness").fit(IRIS, SPECIES)


def test_a_pipeline_transforms_them_with_metadata_routing() -> None:
    with config_context(enable_metadata_routing=True):
        net = MLPClassifier(**NET, precision="float64").set_fit_request(X_val=True, y_val=True)
        steps = [("scale", StandardScaler()), ("net", net)]
        pipe = Pipeline(steps, transform_input=["X_val"])
        pipe.fit(IRIS[::2], SPECIES[::2], X_val=IRIS[1::2], y_val=SPECIES[1::2])
    found = pipe[-1].validation_scores_[-1]
    assert found == pipe.score(IRIS[1::2], SPECIES[1::2])
    scaled = StandardScaler().fit(IRIS[::2])
    by_hand = MLPClassifier(**NET, precision="float64").fit(
        scaled.transform(IRIS[::2]),
        SPECIES[::2],
        X_val=scaled.transform(IRIS[1::2]),
        y_val=SPECIES[1::2],
    )
    assert by_hand.validation_loss_curve_ == pipe[-1].validation_loss_curve_


def test_scores_before_the_output() -> None:
    rows = scale(IRIS)
    for labels in (SPECIES, SPECIES > 0, np.c_[SPECIES > 0, SPECIES > 1, SPECIES == 1]):
        net = MLPClassifier((6,), solver="lbfgs", max_iter=30, random_state=0).fit(rows, labels)
        z = net.decision_function(rows)
        hidden = np.maximum(rows @ net.coefs_[0] + net.intercepts_[0], 0)
        by_hand = hidden @ net.coefs_[1] + net.intercepts_[1]
        np.testing.assert_allclose(z, np.squeeze(by_hand), rtol=1e-9, atol=1e-12)
        p = net.predict_proba(rows)
        if labels.ndim == 1 and z.ndim == 2:
            softmax = np.exp(z - z.max(axis=1, keepdims=True))
            np.testing.assert_allclose(p, softmax / softmax.sum(axis=1, keepdims=True), rtol=1e-9)
            assert np.array_equal(net.classes_[z.argmax(axis=1)], net.predict(rows))
        else:
            sigmoid = 1 / (1 + np.exp(-z))
            np.testing.assert_allclose(p if z.ndim == 2 else p[:, 1], sigmoid, rtol=1e-9)
            assert np.array_equal(z > 0, net.predict(rows))
        few = net.decision_function(rows[:2])  # the way of few rows
        np.testing.assert_allclose(few, z[:2], rtol=1e-9)


def test_probabilities_sum_to_1_in_their_own_dtype() -> None:
    net = MLPClassifier(**NET).fit(X, Y)  # computed in float32
    p = net.predict_proba(X)
    assert p.dtype == np.float64
    assert np.abs(p.sum(axis=1) - 1).max() < 1e-15
    log_loss(Y, p)  # warns where they do not


@pytest.mark.parametrize("loss", ["squared_error", "poisson"])
@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_a_regressor_is_judged_by_its_own_loss_and_score(solver: str, loss: str) -> None:
    y = np.c_[IRIS[:, 0], IRIS[:, 2]] if loss == "squared_error" else IRIS[:, 3]
    rows, weights = scale(IRIS)[:, :2], np.random.RandomState(0).uniform(0.1, 2, 50)
    net = MLPRegressor(loss, **NET, solver=solver, precision="float64")
    net.fit(rows[:100], y[:100], X_val=rows[100:], y_val=y[100:], sample_weight_val=weights)
    said = net.predict(rows[100:])
    assert net.validation_scores_[-1] == pytest.approx(net.score(rows[100:], y[100:], weights))
    assert net.train_score_curve_[-1] == pytest.approx(net.score(rows[:100], y[:100]))
    if loss == "squared_error":
        expected = mean_squared_error(y[100:], said, sample_weight=weights) / 2
    else:
        expected = mean_poisson_deviance(y[100:], said, sample_weight=weights) / 2
    assert net.validation_loss_curve_[-1] == pytest.approx(expected, rel=1e-9)
    scored = MLPRegressor(loss, **NET, solver=solver, scoring="neg_mean_absolute_error")
    scored.fit(rows[:100], y[:100], X_val=rows[100:], y_val=y[100:])
    found = -mean_absolute_error(y[100:], scored.predict(rows[100:]))
    assert scored.validation_scores_[-1] == pytest.approx(found, rel=1e-6)
    with pytest.raises(ValueError, match=r"`y_val` has 3 columns"):
        net.fit(rows, y, X_val=rows, y_val=IRIS[:, :3])


def test_a_regressors_rows_stop_its_training_and_several_epochs_are_as_many_calls() -> None:
    rows, y = scale(IRIS)[:, :2], scale(IRIS[:, 2])
    settings = {**NET, "max_iter": 500, "early_stopping": True, "n_iter_no_change": 3}
    net = MLPRegressor(**settings, learning_rate_init=0.05, precision="float64")
    net.fit(rows[::2], y[::2], X_val=rows[1::2], y_val=y[1::2])
    assert net.n_iter_ < 500
    assert net.score(rows[1::2], y[1::2]) == pytest.approx(max(net.validation_scores_))
    one, many = MLPRegressor(**NET), MLPRegressor(**NET)
    one.partial_fit(rows, y, n_epochs=4)
    for _ in range(4):
        many.partial_fit(rows, y)
    assert one.loss_curve_ == many.loss_curve_
    assert np.array_equal(one.coefs_[0], many.coefs_[0])


def test_smoothed_labels_and_dropout_are_for_training_alone() -> None:
    net = MLPClassifier(**NET, precision="float64", label_smoothing=0.2, dropout=0.3)
    net.fit(X, Y, X_val=X_VAL, y_val=Y_VAL)
    expected = log_loss(Y_VAL, net.predict_proba(X_VAL))
    assert net.validation_loss_curve_[-1] == pytest.approx(expected, rel=1e-9)
    assert net.validation_scores_[-1] == net.score(X_VAL, Y_VAL)

"""The doctor's visit to real fits: sick ones are found out, healthy ones raise no alarm."""

from __future__ import annotations

import pathlib
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.linear_model import LogisticRegression as SklearnLogistic
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier as SklearnMLP
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from glassnet import LogisticRegression, MLPClassifier, diagnose, load_dataset
from glassnet.errors import DataError
from glassnet.estimators.diagnosis import notes_of
from glassnet.estimators.holdout import split_rows

Rows = tuple[np.ndarray, np.ndarray]
LOADERS = {
    "iris": load_iris,
    "wine": load_wine,
    "breast_cancer": load_breast_cancer,
    "digits": load_digits,
}
NETS: dict[str, dict[str, Any]] = {
    "adam": {"learning_rate_init": 0.01, "max_iter": 500},
    "sgd": {"solver": "sgd", "activation": "logistic", "learning_rate_init": 0.3, "max_iter": 900},
    "tanh": {"activation": "tanh", "learning_rate_init": 0.01, "max_iter": 500},
}


def scaled(name: str) -> Rows:
    X, y = LOADERS[name](return_X_y=True)
    return (X / 16 if name == "digits" else StandardScaler().fit_transform(X)), y


def fitted(X: np.ndarray, y: np.ndarray, seed: int = 0, **parameters: Any) -> tuple[Any, ...]:
    """Fit a net with its held-out losses recorded; return what `diagnose` takes."""
    train, held = split_rows(y, 0.1, seed)
    net = MLPClassifier(**{"hidden_layer_sizes": (40,), "random_state": 0, **parameters})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net.fit(X[train], y[train], X_val=X[held], y_val=y[held])
    return net, X[train], y[train], X[held], y[held]


@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("name", LOADERS)
def test_healthy_fits_raise_no_alarm(name: str, net: str) -> None:
    diagnosis = diagnose(*fitted(*scaled(name), **NETS[net]))
    assert diagnosis.is_healthy, str(diagnosis)
    assert len(diagnosis.examined) >= 12


@pytest.mark.shared_data
@pytest.mark.parametrize("net", ["adam", "sgd"])
def test_healthy_fits_of_the_seed_images_raise_no_alarm(
    net: str, shared_data: pathlib.Path
) -> None:
    data = load_dataset(shared_data / "X.csv", labels=shared_data / "y.csv")
    parameters = {**NETS[net], "learning_rate_init": 0.001 if net == "adam" else 0.1}
    diagnosis = diagnose(*fitted(np.asarray(data.X), np.asarray(data.y), **parameters))
    assert diagnosis.is_healthy, str(diagnosis)


def test_wine_as_it_is_has_to_be_scaled() -> None:
    X, y = load_wine(return_X_y=True)
    net, *rows = fitted(X, y)
    diagnosis = diagnose(net, *rows, feature_names=load_wine().feature_names)
    assert diagnosis.first is not None
    assert diagnosis.first.rule == "unscaled"
    assert "proline" in diagnosis.first.sentence
    frame = pd.DataFrame(X, columns=load_wine().feature_names)
    of_frame = diagnose(MLPClassifier(random_state=0, max_iter=2000).fit(frame, y), frame, y)
    assert "proline" in str(of_frame.first)


def test_a_small_rate_a_large_rate_and_a_diverged_net() -> None:
    X, y = scaled("digits")
    slow = diagnose(*fitted(X, y, solver="sgd", activation="logistic"))
    assert slow.first is not None
    assert (slow.first.rule, slow.first.suggested) == (
        "rate_too_small", {"learning_rate_init": 0.1},
    )  # fmt: skip
    fast = diagnose(*fitted(X, y, learning_rate_init=1.0, max_iter=30))
    assert fast.first is not None
    assert fast.first.rule == "rate_too_large"
    net = MLPClassifier((50,), activation="identity", solver="sgd", learning_rate_init=1e9)
    with pytest.raises(ValueError, match="diverged"):
        net.fit(X, y)
    gone = diagnose(net, X, y)
    assert gone.first is not None
    assert (gone.first.rule, gone.first.severity) == ("rate_too_large", "critical")
    assert "underfitting" in gone.not_examined


def test_overfitting_on_few_noisy_rows() -> None:
    random = np.random.RandomState(0)
    X = random.normal(size=(400, 30))
    y = (X[:, 0] + random.normal(size=400) > 0).astype(int)
    few, held = (X[:60], y[:60]), (X[60:], y[60:])
    net = MLPClassifier((100,), max_iter=600, random_state=0)
    net.fit(*few, X_val=held[0], y_val=held[1])
    found = {finding.rule: finding for finding in diagnose(net, *few, *held)}
    assert {"overfitting", "too_few_rows"} <= found.keys()
    curve = np.array(net.validation_loss_curve_)
    assert found["overfitting"].evidence["best_epoch"] == int(np.argmin(curve)) + 1


def test_a_net_that_is_too_small_underfits_and_a_noisy_problem_does_not() -> None:
    random = np.random.RandomState(0)
    X = random.uniform(-1, 1, size=(1200, 2))
    y = (np.sign(X[:, 0] * X[:, 1]) > 0).astype(int)  # no line tells them apart
    small = MLPClassifier((1,), learning_rate_init=0.03, max_iter=500, random_state=0).fit(X, y)
    found = diagnose(small, X, y).first
    assert found is not None
    assert found.rule == "underfitting"
    assert found.suggested == {"hidden_layer_sizes": (20,)}
    noise = np.where(random.uniform(size=1200) < 0.2, 1 - y, y)
    large = MLPClassifier((30,), learning_rate_init=0.01, max_iter=900, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        large.fit(X, noise)
    assert large.score(X, noise) < 0.85
    assert "underfitting" not in {finding.rule for finding in diagnose(large, X, noise)}


def test_dead_and_saturated_units_of_real_nets() -> None:
    X, y = load_breast_cancer(return_X_y=True)
    rules = {finding.rule for finding in diagnose(*fitted(X, y))}
    assert {"unscaled", "dead_units"} <= rules
    rules = {finding.rule for finding in diagnose(*fitted(X, y, activation="tanh", max_iter=400))}
    assert "saturated_units" in rules


def test_a_rare_class_that_is_passed_over() -> None:
    random = np.random.RandomState(0)
    X = np.r_[random.normal(size=(1900, 2)), random.normal(size=(100, 2)) + 1.2]
    y = np.repeat(["often", "rare"], [1900, 100])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net = MLPClassifier((5,), random_state=0).fit(X, y)
        weighted = MLPClassifier((5,), random_state=0, class_weight="balanced").fit(X, y)
    found = {finding.rule: finding for finding in diagnose(net, X, y)}
    assert found["class_imbalance"].evidence["class"] == "rare"
    assert found["class_imbalance"].suggested == {"class_weight": "balanced"}
    assert "class_imbalance" not in {finding.rule for finding in diagnose(weighted, X, y)}


@pytest.mark.parametrize(
    "model",
    [
        RandomForestClassifier(20, random_state=0),
        KNeighborsClassifier(),
        SklearnLogistic(max_iter=1000),
        LogisticRegression(),
        make_pipeline(StandardScaler(), SklearnMLP((20,), max_iter=2000, random_state=0)),
    ],
    ids=lambda model: type(model).__name__,
)
def test_any_classifier_can_be_asked(model: Any) -> None:
    X, y = load_iris(return_X_y=True)
    train, held = split_rows(y, 0.3, 0)
    model.fit(X[train], y[train])
    assert diagnose(model, X[train], y[train], X[held], y[held]).is_healthy
    leaky = np.c_[X, y]
    model.fit(leaky[train], y[train])
    first = diagnose(model, leaky[train], y[train], leaky[held], y[held]).first
    assert first is not None
    assert first.preparation == {"drop": ["x4"]}


def test_notes_of_a_pipeline_are_those_of_its_last_step() -> None:
    X, y = load_wine(return_X_y=True)
    whole = make_pipeline(StandardScaler(), MLPClassifier(random_state=0, max_iter=500)).fit(X, y)
    notes = notes_of(whole, X, y)
    np.testing.assert_allclose(notes.X, StandardScaler().fit_transform(X))
    assert notes.table is X
    assert notes.n_parameters == 13 * 100 + 100 + 100 * 3 + 3
    assert notes.activations is not None
    net = whole[-1]
    hidden = np.maximum(notes.X @ net.coefs_[0] + net.intercepts_[0], 0)
    np.testing.assert_allclose(notes.activations[0], hidden)


def test_sparse_rows() -> None:
    random = scipy.sparse.random(300, 40, 0.2, format="csr", random_state=0)
    y = (np.asarray(random[:, :5].sum(axis=1)).ravel() > 0.5).astype(int)
    net = MLPClassifier((10,), learning_rate_init=0.01, max_iter=400, random_state=0).fit(random, y)
    assert diagnose(net, random, y).is_healthy
    big = random.copy()
    big.data[big.indices == 3] *= 1e4
    net = MLPClassifier((10,), random_state=0, max_iter=2000).fit(big, y)
    assert "unscaled" in {finding.rule for finding in diagnose(net, big, y)}


def test_what_cannot_be_read_is_refused_in_a_sentence() -> None:
    X, y = load_iris(return_X_y=True)
    net = SklearnLogistic(max_iter=1000).fit(X, y)
    with pytest.raises(DataError, match="is no classifier"):
        diagnose(LinearRegression().fit(X, y), X, y)
    with pytest.raises(DataError, match="not fitted"):
        diagnose(MLPClassifier(), X, y)
    with pytest.raises(DataError, match="both X_holdout and y_holdout"):
        diagnose(net, X, y, X)
    with pytest.raises(DataError, match="not fitted to the label '7'"):
        diagnose(net, X, np.where(y == 2, 7, y))
    many = RandomForestClassifier(5).fit(X, np.c_[y == 0, y == 1])
    with pytest.raises(DataError, match="one label a row"):
        diagnose(many, X, np.c_[y == 0, y == 1])

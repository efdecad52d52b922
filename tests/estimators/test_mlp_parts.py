"""The nets' parameters beyond scikit-learn's, as the estimators take them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits

from glassnet import MLPClassifier, MLPRegressor
from glassnet.estimators.mlp_parameters import solver_of
from glassnet.training import Adam, AdamW, Constant, Cosine, OneCycle, Sgd

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
DIGITS, LABELS = load_digits(return_X_y=True)
DIGITS = DIGITS / 16


@pytest.mark.parametrize("make", [MLPClassifier, MLPRegressor])
@pytest.mark.parametrize(
    ("parameters", "solver"),
    [
        ({}, Adam()),
        ({"solver": "adamw"}, AdamW(weight_decay=0.01)),
        ({"solver": "adamw", "weight_decay": 0.5}, AdamW(weight_decay=0.5)),
        ({"solver": "sgd", "weight_decay": 0.5}, Sgd(weight_decay=0.5)),
        ({"learning_rate": "adaptive"}, Adam(schedule=Constant())),
        ({"learning_rate": "cosine"}, Adam(schedule=Cosine(0.0))),
        ({"learning_rate": "cosine", "warmup": 30}, Adam(schedule=Cosine(30))),
        ({"learning_rate": "one_cycle"}, Adam(schedule=OneCycle(0.3))),
        (
            {"solver": "sgd", "learning_rate": "one_cycle", "warmup": 0.1},
            Sgd(schedule=OneCycle(0.1)),
        ),
    ],
    ids=str,
)
def test_parameters_become_a_solver(make: Any, parameters: dict[str, Any], solver: Any) -> None:
    assert solver_of(make(**parameters)) == solver


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"weight_decay": -0.1}, "weight_decay"),
        ({"warmup": 1.5}, "warmup"),
        ({"warmup": -1}, "warmup"),
        ({"clip_norm": 0.0}, "clip_norm"),
        ({"dropout": 1.0}, "dropout"),
        ({"label_smoothing": 1.0}, "label_smoothing"),
        ({"learning_rate": "cosinus"}, "learning_rate"),
    ],
)
def test_bad_parameters_are_named(parameters: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        MLPClassifier(**parameters).fit(DIGITS, LABELS)


@pytest.mark.parametrize("schedule", ["cosine", "one_cycle"])
def test_a_planned_rate_and_partial_fit_do_not_go_together(schedule: str) -> None:
    net = MLPClassifier(learning_rate=schedule)
    with pytest.raises(ValueError, match=f"'{schedule}' plans the rate of every step"):
        net.partial_fit(DIGITS, LABELS, classes=np.arange(10))


@pytest.mark.parametrize(
    "parameters",
    [
        {"dropout": 0.3},
        {"label_smoothing": 0.1},
        {"clip_norm": 0.01},
        {"weight_decay": 10.0},
        {"learning_rate": "one_cycle"},
        {"activation": "gelu"},
    ],
    ids=str,
)
def test_each_has_an_effect_and_is_repeatable(parameters: dict[str, Any]) -> None:
    settings = {"hidden_layer_sizes": (20,), "max_iter": 5, "random_state": 0}
    plain = MLPClassifier(**settings).fit(DIGITS, LABELS)
    one, again = (MLPClassifier(**settings, **parameters).fit(DIGITS, LABELS) for _ in range(2))
    assert np.array_equal(one.coefs_[0], again.coefs_[0])
    assert not np.allclose(one.coefs_[0], plain.coefs_[0], rtol=1e-3)


def test_label_smoothing_keeps_probabilities_from_the_ends() -> None:
    settings = {"hidden_layer_sizes": (40,), "max_iter": 150, "random_state": 0, "alpha": 0}
    sharp = MLPClassifier(**settings).fit(DIGITS, LABELS)
    smooth = MLPClassifier(label_smoothing=0.2, **settings).fit(DIGITS, LABELS)
    mean = [net.predict_proba(DIGITS).max(axis=1).mean() for net in (sharp, smooth)]
    assert mean[0] > 0.95
    assert mean[1] < 0.87
    assert smooth.score(DIGITS, LABELS) > 0.98


def test_dropout_of_streamed_rows_differs_from_call_to_call() -> None:
    """An int as random state shuffles alike in every call; the units left out must not be alike."""
    net = MLPClassifier((30,), dropout=0.5, random_state=0, solver="sgd", momentum=0, alpha=0)
    left_out = []
    for _ in range(4):
        before = getattr(net, "coefs_", [None, np.nan])[1] + 0.0
        net.partial_fit(DIGITS[:1], LABELS[:1], classes=np.arange(10))
        left_out.append((net.coefs_[1] == before).all(axis=1))
    assert not np.array_equal(left_out[1], left_out[2])
    assert not np.array_equal(left_out[2], left_out[3])
    assert 2 < left_out[3].sum() < 28

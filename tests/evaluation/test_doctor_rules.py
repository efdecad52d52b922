"""Each rule on a case made for it, and on one that looks alike and is healthy."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from glassnet.evaluation.doctor import RULES, CaseNotes, Finding, examine

EPOCHS = np.arange(200)
Y = np.repeat([0, 1, 2], 100)


def notes(**given: object) -> CaseNotes:
    y = np.asarray(given.pop("y", Y))
    classes = np.unique(y)
    return CaseNotes(y=y, classes=classes, class_names=tuple(map(str, classes)), **given)  # type: ignore[arg-type]


def ask(rule: str, **given: object) -> Finding | None:
    return RULES[rule].examine(notes(**given))


def sgd(curve: np.ndarray, rate: float = 0.001, **given: object) -> dict[str, object]:
    parameters = {"solver": "sgd", "learning_rate_init": rate, "max_iter": 200, **given}
    return {"loss_curve": curve, "parameters": parameters}


SLOW = 1.1 * np.exp(-0.005 * EPOCHS)
SETTLED = 0.01 + np.exp(-0.2 * EPOCHS[:80])
BOUNCING = 0.5 + 0.1 * (-1.0) ** EPOCHS
PLATEAU = 1.09 - 2e-4 * EPOCHS


def test_rate_too_small() -> None:
    found = ask("rate_too_small", **sgd(SLOW))
    assert found is not None
    assert found.suggested == {"learning_rate_init": 0.1}
    assert "still falling, by 0.0021 an epoch" in found.sentence
    assert "some 940 epochs" in found.advice
    assert ask("too_few_epochs", **sgd(SLOW)) is None
    assert ask("rate_too_small", **sgd(SETTLED)) is None
    assert ask("rate_too_small", **sgd(PLATEAU)) is None  # told as a plateau


def test_too_few_epochs() -> None:
    found = ask("too_few_epochs", **sgd(SLOW, rate=1.0))
    assert found is not None
    assert (found.suggested, found.severity) == ({"max_iter": 940}, "warning")
    assert ask("rate_too_small", **sgd(SLOW, rate=1.0)) is None
    tail = 1.1 * np.exp(-0.02 * EPOCHS)  # 2 % is left: worth knowing, not worth acting on
    found = ask("too_few_epochs", **sgd(tail, rate=1.0))
    assert found is not None
    assert found.severity == "note"
    assert ask("too_few_epochs", **sgd(SETTLED, rate=1.0)) is None


def test_rate_too_large() -> None:
    found = ask("rate_too_large", **sgd(BOUNCING, rate=1.0))
    assert found is not None
    assert (found.suggested, found.severity) == ({"learning_rate_init": 0.3}, "warning")
    assert "bounced between 0.4 and 0.6" in found.sentence
    found = ask("rate_too_large", **sgd(np.array([1.1, 9.0, np.inf]), rate=10.0), diverged=True)
    assert found is not None
    assert (found.suggested, found.severity) == ({"learning_rate_init": 1.0}, "critical")
    assert found.evidence["last_loss"] is None
    stalled = np.r_[1.4, 1.1, np.full(12, 1.0986)]
    found = ask("rate_too_large", **sgd(stalled, rate=0.1))
    assert found is not None
    assert found.suggested == {"learning_rate_init": 0.01}
    noisy = SETTLED + 0.0005 * (-1.0) ** EPOCHS[:80]  # the noise of batches
    assert ask("rate_too_large", **sgd(noisy, rate=1.0)) is None


def test_plateau() -> None:
    found = ask("plateau", **sgd(PLATEAU))
    assert found is not None
    assert found.suggested == {"learning_rate_init": 0.1}
    left = np.r_[1.09 - 1e-5 * np.arange(100), 0.02 + 1.07 * np.exp(-0.1 * np.arange(100))]
    found = ask("plateau", **sgd(left))
    assert found is not None
    assert (found.severity, found.evidence["first"], found.evidence["last"]) == ("note", 1, 101)
    flat = ask("plateau", **sgd(np.full(12, 1.0986), rate=1.0))  # no rate would be larger
    assert flat is not None
    assert flat.severity == "critical"
    assert ask("plateau", **sgd(SETTLED)) is None
    noise = 0.7 + 0.35 * np.exp(-0.1 * EPOCHS) - 3e-4 * EPOCHS  # as far as the columns go
    assert ask("plateau", **sgd(noise)) is None
    assert ask("rate_too_small", **sgd(noise)) is not None
    assert ask("plateau", **sgd(SLOW)) is None


def columns(*scales: float, n: int = 300) -> np.ndarray:
    return np.random.RandomState(0).normal(size=(n, len(scales))) * scales


@pytest.mark.parametrize("sparse", [False, True])
def test_unscaled(sparse: bool) -> None:
    make: Callable[[np.ndarray], object] = scipy.sparse.csr_matrix if sparse else np.asarray
    given = sgd(SETTLED)
    X = columns(1, 800, 2, 3)
    names = ("a", "income", "c", "d")
    found = ask("unscaled", X=make(X), feature_names=names, **given)
    assert found is not None
    size = np.sqrt(np.mean(X**2, axis=0))
    assert found.preparation == {"scale": "standard"}
    assert found.evidence["ratio"] == pytest.approx(size.max() / np.median(size))
    assert found.sentence.startswith("Columns have unlike scales: income is of size")
    large = ask("unscaled", X=make(columns(100, 120, 90)), **given)
    assert large is not None
    assert "Columns are large" in large.sentence
    assert ask("unscaled", X=make(columns(1, 10, 2, 3)), **given) is None
    assert ask("unscaled", X=make(np.c_[columns(1, 1), np.full(300, 1000.0)]), **given) is None
    # Pixels share a unit: rare ones are small, and that is no fault.
    assert ask("unscaled", X=make(columns(1, 1e-4, 1e-3)), is_image=True, **given) is None
    assert ask("unscaled", X=make(X)) is None  # a tree does not mind


def test_dead_units() -> None:
    live = np.abs(columns(*[1.0] * 10))
    dead = live.copy()
    dead[:, :4] = 0
    relu = {"parameters": {"activation": "relu"}}
    found = ask("dead_units", activations=(live, dead), **relu)
    assert found is not None
    assert found.sentence.startswith("4 of the 10 relu units of hidden layer 2 are dead")
    assert found.suggested == {"activation": "leaky_relu"}
    dead[:, 3] = live[:, 3]  # three of ten are common
    assert ask("dead_units", activations=(live, dead), **relu) is None


@pytest.mark.parametrize("activation", ["logistic", "tanh"])
def test_saturated_units(activation: str) -> None:
    z = columns(*[1.0] * 9)
    stuck = np.c_[z[:, :5], z[:, :4] + 9]
    binary = np.where(z > 0, 9.0, -9.0)  # answers yes or no according to the row
    f = np.tanh if activation == "tanh" else lambda z: 1 / (1 + np.exp(-z))
    given = {"parameters": {"activation": activation}}
    found = ask("saturated_units", activations=(f(stuck),), **given)
    assert found is not None
    assert found.evidence["saturated"] == [4]
    assert ask("saturated_units", activations=(f(z),), **given) is None
    assert ask("saturated_units", activations=(f(binary),), **given) is None


def rows(seed: int = 0, n: int = 300) -> np.ndarray:
    return np.random.RandomState(seed).normal(size=(n, 5))


@pytest.mark.parametrize("kind", ["array", "sparse", "frame"])
def test_duplicates_across_the_split(kind: str) -> None:
    def make(X: np.ndarray) -> object:
        if kind == "frame":
            return pd.DataFrame(X).assign(town=np.where(X[:, 0] > 0, "Ulm", "Köln"))
        return scipy.sparse.csr_matrix(X) if kind == "sparse" else X

    train, held = rows(0), rows(1, 60)
    held[:6] = train[[5, 9, 100, 200, 250, 299]]
    held[0] += 0.0
    right = np.r_[Y[[5, 9, 100, 200, 250, 299]], np.zeros(54, int)]
    wrong = np.r_[right[:6], np.ones(54, int)]
    given = {"X": make(train), "y_holdout": right, "predicted_holdout": wrong}
    found = ask("duplicates", X_holdout=make(held), **given)
    assert found is not None
    assert (found.evidence["copies"], found.severity) == (6, "warning")
    assert found.evidence["accuracy"] == pytest.approx(0.1)
    assert found.evidence["accuracy_without"] == 0
    assert found.preparation == {"drop_duplicates": True}
    held[:4] += 1e-9
    assert ask("duplicates", X_holdout=make(held), **given) is None  # two copies are chance


def test_leaking_columns() -> None:
    shuffled = np.random.RandomState(1).permutation(300)
    y, X = Y[shuffled], rows()
    names = ("a", "b", "c", "d", "e")
    given = {"y": y, "feature_names": names}
    assert ask("leaking_columns", X=X, **given) is None
    X[:, 2] = np.array([7.0, -1.0, 3.0])[y] + 1e-3 * X[:, 2]  # the label in other numbers
    X[:, 4] = shuffled  # a row number, where the file was sorted by label
    found = ask("leaking_columns", X=X, **given)
    assert found is not None
    assert (found.severity, found.preparation) == ("critical", {"drop": ["c", "e"]})
    frame = pd.DataFrame(rows(), columns=[*names]).assign(code=np.array(["x", "y", "z"])[y])
    frame["serial"] = [f"row {i}" for i in range(300)]  # unlike for every row: tells nothing
    found = ask("leaking_columns", X=rows(), table=frame, y=y, feature_names=tuple(frame.columns))
    assert found is not None
    assert found.evidence["columns"] == ["code"]
    assert found.evidence["left"] == [0.0]


def test_a_good_column_does_not_leak() -> None:
    y = np.repeat([0, 1], 500)
    X = np.c_[y + np.random.RandomState(0).normal(scale=0.28, size=1000), rows(2, 1000)]
    assert np.mean((X[:, 0] > 0.5) == y) > 0.95
    assert ask("leaking_columns", X=X, y=y) is None
    constant = np.c_[np.ones(1000), rows(2, 1000)]  # in a file that is sorted by label
    assert ask("leaking_columns", X=constant, y=y) is None


def predictions(y: np.ndarray, share_right: float, seed: int = 0) -> np.ndarray:
    wrong = np.random.RandomState(seed).uniform(size=len(y)) > share_right
    return np.where(wrong, (y + 1) % 3, y)


def test_too_few_rows() -> None:
    held = np.repeat([0, 1, 2], 50)
    given = {"predicted": Y, "y_holdout": held, "parameters": {"hidden_layer_sizes": (64,)}}
    poor = predictions(held, 0.7)
    found = ask("too_few_rows", n_parameters=1200, predicted_holdout=poor, **given)
    assert found is not None
    assert found.suggested == {"hidden_layer_sizes": (16,)}
    assert "1200 parameters for 300 training rows, 4.0 a row" in found.sentence
    good = predictions(held, 0.95)
    assert ask("too_few_rows", n_parameters=1200, predicted_holdout=good, **given) is None
    assert ask("too_few_rows", n_parameters=200, predicted_holdout=poor, **given) is None
    small = np.r_[Y, 3, 3, 3]
    found = ask("too_few_rows", y=small)
    assert found is not None
    assert (found.severity, found.evidence["classes"]) == ("note", ["3"])


def test_overfitting() -> None:
    training = 1.1 * np.exp(-0.03 * EPOCHS)
    held = 0.3 + 0.8 * np.exp(-0.08 * EPOCHS) + 0.002 * EPOCHS
    parameters = {"solver": "adam", "early_stopping": False}
    given = {"loss_curve": training, "parameters": parameters, "y_holdout": Y}
    found = ask("overfitting", holdout_loss_curve=held, **given)
    assert found is not None
    assert found.evidence["best_epoch"] == int(np.argmin(held)) + 1
    assert found.picture is not None
    assert found.picture.to_dict()["marked"] == int(np.argmin(held)) + 1
    assert found.suggested == {"early_stopping": True}
    shallow = 0.3 + 0.8 * np.exp(-0.08 * EPOCHS) + 0.0003 * EPOCHS
    assert shallow[-1] > 1.1 * shallow.min()
    assert ask("overfitting", holdout_loss_curve=shallow, **given) is None
    given["parameters"] = {**parameters, "early_stopping": True}
    assert ask("overfitting", holdout_loss_curve=held, **given) is None


def test_overfitting_of_a_model_without_curves() -> None:
    given = {"predicted": Y, "y_holdout": Y, "parameters": {"C": 10.0}}
    found = ask("overfitting", predicted_holdout=predictions(Y, 0.7), **given)
    assert found is not None
    assert found.suggested == {"C": 1.0}
    assert ask("overfitting", predicted_holdout=predictions(Y, 0.93), **given) is None


def test_underfitting() -> None:
    every = np.arange(300)
    given = {"predicted": predictions(Y, 0.6), "reference_rows": every}
    parameters = {"hidden_layer_sizes": (2,), "alpha": 1e-4, "dropout": 0.0}
    better = predictions(Y, 0.85, seed=1)
    found = ask("underfitting", reference=better, parameters=parameters, **given)
    assert found is not None
    assert found.suggested == {"hidden_layer_sizes": (20,)}
    assert found.evidence["train"] == np.mean(given["predicted"] == Y)
    assert found.evidence["reference"] == np.mean(better == Y)
    held_back = {**parameters, "alpha": 10.0}
    found = ask("underfitting", reference=better, parameters=held_back, **given)
    assert found is not None
    assert found.suggested == {"alpha": 0.1}
    same = predictions(Y, 0.62, seed=1)  # as far as the columns go
    assert ask("underfitting", reference=same, parameters=parameters, **given) is None
    unfinished = sgd(SLOW)
    assert ask("underfitting", reference=better, **given, **unfinished) is None


def test_class_imbalance() -> None:
    y = np.r_[np.zeros(950, int), np.ones(50, int)]
    missed = np.where((y == 1) & (np.arange(1000) % 5 > 0), 0, y)
    parameters = {"class_weight": None}
    found = ask("class_imbalance", y=y, predicted=missed, parameters=parameters)
    assert found is not None
    assert found.suggested == {"class_weight": "balanced"}
    assert "10 of its 50 training rows are right (20 %, of all 96.0 %)" in found.sentence
    weighted = {"class_weight": "balanced"}
    found = ask("class_imbalance", y=y, predicted=missed, parameters=weighted)
    assert found is not None
    assert found.suggested == {}
    assert ask("class_imbalance", y=y, predicted=y, parameters=parameters) is None
    even = np.where(np.arange(1000) % 5 > 0, 0, 1)  # the rare class is as good as the rest
    balanced = np.where(even == 1, y, y)
    assert ask("class_imbalance", y=y, predicted=balanced, parameters=parameters) is None


def test_the_rules_are_registered_by_their_names() -> None:
    assert all(name == rule.name for name, rule in RULES.items())
    tested = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    for name in RULES:
        assert any(each.startswith(name) for each in tested), f"{name} has no test"


def test_causes_come_before_what_they_cause_and_notes_last() -> None:
    left = np.r_[1.09 - 1e-5 * np.arange(100), 0.6 - 1e-3 * np.arange(100)]
    X = np.c_[rows(), 500 * rows(3)[:, :1]]
    X[:, 1] = Y
    given = sgd(left)
    diagnosis = examine(notes(X=X, **given))
    assert [finding.rule for finding in diagnosis] == [
        "leaking_columns", "unscaled", "rate_too_small", "plateau",
    ]  # fmt: skip
    assert diagnosis.first is diagnosis.findings[0]
    assert diagnosis.findings[-1].severity == "note"
    assert diagnosis.not_examined["duplicates"] == "X_holdout"
    assert "overfitting" not in diagnosis.examined
    assert str(diagnosis).startswith("1. [critical] Leaking columns: ")


def test_a_diagnosis_is_plain_json() -> None:
    curve = np.array([1.1, np.inf])
    diagnosis = examine(notes(X=columns(1, 1000, 1), **sgd(curve)))
    plain = diagnosis.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["findings"][1]["picture"]["curves"]["training rows"] == [1.1, None]
    assert not diagnosis.is_healthy
    nothing = examine(replace(notes(), loss_curve=SETTLED))
    assert nothing.is_healthy
    assert nothing.first is None
    assert str(nothing).startswith("Nothing found by ")

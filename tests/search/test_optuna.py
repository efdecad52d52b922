"""Optuna's studies are answered by populations."""

from __future__ import annotations

from typing import Any

import pytest
from sklearn.datasets import load_digits
from sklearn.model_selection import cross_val_score

from glassnet import MLPClassifier
from glassnet.errors import DataError
from glassnet.search import ask_and_tell

optuna = pytest.importorskip("optuna", reason="needs optuna")
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.fixture(scope="module")
def digits() -> tuple[Any, Any]:
    X, y = load_digits(return_X_y=True)
    return X[:500] / 16, y[:500]


def study(**given: Any) -> Any:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    sampler = optuna.samplers.TPESampler(seed=0, n_startup_trials=5)
    return optuna.create_study(**({"direction": "maximize", "sampler": sampler} | given))


def suggest(trial: Any) -> dict[str, Any]:
    return {"learning_rate_init": trial.suggest_float("rate", 1e-5, 0.3, log=True)}


def test_each_trial_has_the_score_of_its_own_cross_validation(digits: Any) -> None:
    net = MLPClassifier((8,), max_iter=8, random_state=0)
    found = ask_and_tell(study(), suggest, *digits, n_candidates=13, batch=5, estimator=net, cv=3)
    assert len(found.trials) == 13
    for trial in found.trials:
        own = MLPClassifier(
            (8,), max_iter=8, random_state=0, learning_rate_init=trial.params["rate"]
        )
        assert trial.value == pytest.approx(cross_val_score(own, *digits, cv=3).mean())


def test_a_candidate_that_diverges_is_told_as_failed(digits: Any) -> None:
    X, y = digits
    found = ask_and_tell(
        study(),
        lambda trial: {"learning_rate_init": trial.suggest_categorical("rate", [1e30])},
        X * 1e3,
        y,
        n_candidates=2,
        estimator=MLPClassifier((8,), solver="sgd", max_iter=3, random_state=0),
        cv=2,
    )
    assert {trial.state.name for trial in found.trials} == {"FAIL"}


def test_a_study_that_minimises_is_refused(digits: Any) -> None:
    with pytest.raises(DataError, match='direction="maximize"'):
        ask_and_tell(study(direction="minimize"), suggest, *digits)

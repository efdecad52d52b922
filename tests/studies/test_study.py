"""The study's steps, held against the numbers that they stand for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix

from glassnet.errors import DataError
from glassnet.studies import StudyResult, study


def test_rows_are_split_once_and_evenly(digits: StudyResult) -> None:
    split, y = digits.split, digits.dataset.y
    assert np.array_equal(np.sort(np.r_[split.train, split.holdout]), np.arange(1797))
    assert len(split.holdout) == 180
    shares = np.bincount(y[split.holdout]) / np.bincount(y)
    assert shares.min() > 0.09
    assert shares.max() < 0.11


def test_held_out_rows_never_reach_a_fit(digits: StudyResult) -> None:
    X = np.array(digits.dataset.X)
    X[digits.split.holdout] = 8 - X[digits.split.holdout]
    again = study(replace(digits.dataset, X=X), hidden_layer_sizes=(12,), max_iter=60, seed=1)
    assert np.array_equal(again.net.coefs_[0], digits.net.coefs_[0])
    assert np.array_equal(again.logistic.coef_, digits.logistic.coef_)
    assert again.preprocessor.to_dict() == digits.preprocessor.to_dict()
    assert again.net_reading.holdout.accuracy < 0.5 < digits.net_reading.holdout.accuracy


@pytest.mark.parametrize("which", ["logistic", "net"])
def test_readings_are_those_of_the_models(digits: StudyResult, which: str) -> None:
    model, y = getattr(digits, which), digits.dataset.y
    reading = getattr(digits, f"{which}_reading")
    X = digits.preprocessor.transform(digits.dataset.X)
    train, holdout = digits.split.train, digits.split.holdout
    assert np.array_equal(reading.predicted, model.predict(X))
    assert reading.train.accuracy == accuracy_score(y[train], model.predict(X[train]))
    assert reading.holdout.accuracy == accuracy_score(y[holdout], model.predict(X[holdout]))
    counts = confusion_matrix(y[holdout], model.predict(X[holdout]))
    assert np.array_equal(reading.holdout_confusion.counts, counts)
    assert reading.train_confusion.counts.sum() == len(train)
    assert {m.row for m in reading.mistakes} <= set(
        holdout[reading.predicted[holdout] != y[holdout]]
    )
    sure = [mistake.probability for mistake in reading.mistakes]
    assert sure == sorted(sure, reverse=True)


def test_the_account_says_what_there_is_to_beat(digits: StudyResult) -> None:
    y, split = digits.dataset.y, digits.split
    label = np.bincount(y[split.train]).argmax()
    right = np.sum(y[split.holdout] == label)
    assert f"answering {label}, most frequent" in digits.guess_sentence
    assert f"gets {right} of 180 held-out rows right" in digits.guess_sentence
    assert digits.guess_sentence in digits.account()


def test_with_two_classes_there_is_no_rest(digits: StudyResult) -> None:
    assert "\nOne-vs-rest logistic regression (fitted" in digits.account()
    two = study("breast_cancer", hidden_layer_sizes=(2,), solver="lbfgs", max_iter=5)
    assert "\nLogistic regression (fitted" in two.account()


def test_the_cross_check_finds_the_same_optimum(digits: StudyResult) -> None:
    check = digits.cross_check
    assert check.converged
    assert check.largest_coef_difference < 0.02
    assert check.differing_train + check.differing_holdout <= 1


def test_a_slow_rate_is_told_and_mended(digits: StudyResult) -> None:
    first, *more = digits.attempts
    assert first.learning_rate_init == 0.001
    assert first.convergence.reason == "slow"
    assert "learning_rate_init" in first.convergence.suggested
    assert more[0].learning_rate_init == first.convergence.suggested["learning_rate_init"]
    assert more[0].loss_curve[-1] < first.loss_curve[-1] / 2
    assert digits.net.learning_rate_init == digits.attempts[digits.kept].learning_rate_init


def test_an_attempt_that_converges_is_the_last() -> None:
    result = study("iris", hidden_layer_sizes=(5,), solver="lbfgs", max_iter=2000, alpha=0.1)
    assert len(result.attempts) == 1
    assert result.metrics()["models"]["net"]["converged"] is True


def test_one_attempt_is_kept_even_if_it_did_not_converge() -> None:
    result = study("iris", hidden_layer_sizes=(5,), attempts=1, max_iter=5)
    assert len(result.attempts) == 1
    assert result.metrics()["models"]["net"]["converged"] is False


def test_a_diverging_rate_is_lowered() -> None:
    result = study("wine", activation="relu", learning_rate_init=10.0, attempts=2)
    assert result.attempts[0].convergence.reason == "diverged"
    assert result.attempts[1].learning_rate_init == 1.0
    assert result.attempts[1].convergence.reason == "converged"
    assert result.kept == 1


def test_an_attempt_without_finite_loss_has_no_accuracy() -> None:
    large = {"hidden_layer_sizes": (200,)}  # large enough for float32, which overflows sooner
    result = study("wine", activation="relu", learning_rate_init=1e9, attempts=12, **large)
    assert result.attempts[0].train_accuracy is None
    assert result.attempts[-1].train_accuracy is not None
    assert result.metrics()["models"]["net"]["attempts"][0]["loss_curve"][-1] is None


def test_a_net_that_always_diverges_is_refused_in_a_sentence() -> None:
    with pytest.raises(DataError, match=r"diverged in all 2 attempts.*--learning-rate"):
        study("wine", learning_rate_init=1e38, alpha=100.0, attempts=2)


def test_a_mixed_table_goes_all_the_way(table: StudyResult) -> None:
    assert table.dataset.is_mixed
    assert table.logistic_reading.holdout.accuracy > 0.6
    assert table.net_reading.holdout.accuracy > 0.6
    names = table.preprocessor.get_feature_names_out()
    assert table.net.coefs_[0].shape == (len(names), 6)
    assert any("town" in name for unit in table.units for name, _ in unit.positive)


def test_the_comparison_is_of_the_same_held_out_rows(digits: StudyResult) -> None:
    both = digits.comparison
    rows = digits.split.holdout
    y = digits.dataset.y[rows]
    right = [reading.predicted[rows] == y for reading in digits.readings]
    assert both.rows == len(rows)
    assert both.only_first == np.sum(right[0] & ~right[1])
    assert both.only_second == np.sum(right[1] & ~right[0])


def test_the_same_seed_gives_the_same_study() -> None:
    one, two = (study("iris", hidden_layer_sizes=(4,), max_iter=30, seed=7) for _ in range(2))
    other = study("iris", hidden_layer_sizes=(4,), max_iter=30, seed=8)
    assert np.array_equal(one.net.coefs_[0], two.net.coefs_[0])
    assert np.array_equal(one.split.holdout, two.split.holdout)
    assert not np.array_equal(one.split.holdout, other.split.holdout)


def test_a_net_without_hidden_layer_has_no_inside() -> None:
    result = study("iris", hidden_layer_sizes=(), learning_rate_init=0.5)
    assert result.units == ()
    assert [coef.shape for coef in result.net.coefs_] == [(4, 3)]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"holdout": 0.0}, "holdout is 0.*between 0 and 1"),
        ({"holdout": 1.5}, "holdout is 1.5"),
        ({"holdout": 0.01}, "leaves 2 rows held out"),
        ({"holdout": 0.99}, "needs one a class"),
        ({"attempts": 0}, "at least once"),
    ],
)
def test_impossible_options_are_refused(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        study("iris", **options)


def test_unknown_options_are_named() -> None:
    with pytest.raises(TypeError, match="no option hold_out"):
        study("iris", hold_out=0.2)


def test_the_monitor_hears_of_every_step() -> None:
    class Listener:
        def __init__(self) -> None:
            self.steps: list[str] = []
            self.epochs = 0

        def step(self, name: str) -> None:
            self.steps.append(name)

        def epoch_ends(self, member: int, epoch: int, loss: float, score: float | None) -> None:
            self.epochs += 1

        def says(self, member: int, message: str) -> None: ...

    listener = Listener()
    result = study("iris", monitor=listener, max_iter=10, attempts=1)
    assert listener.epochs == len(result.net.loss_curve_) == 10
    assert [step.split(",")[0] for step in listener.steps] == [
        "Looking at the data",
        "Logistic regression",
        "Logistic regression",
        "Neural net",
        "Reading the models",
        "Looking for wrong labels",
    ]

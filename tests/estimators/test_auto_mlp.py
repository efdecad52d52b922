"""The classifier without anything to tune: contract, raw tables, time, memory, interruption."""

from __future__ import annotations

import pathlib
import time
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from sklearn.base import clone
from sklearn.datasets import load_digits, load_iris
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.utils.estimator_checks import parametrize_with_checks

from glassnet import AutoMLPClassifier
from glassnet.errors import DataError
from glassnet.estimators.auto_recipe import Course, Plan, Recipe
from glassnet.pictures import HiddenUnitsDisplay, LossCurveDisplay
from glassnet.training import Monitor

QUICK = {"members": 2, "courses": ((5, 60, 0.05),), "judge": 0, "least_rehearsed": 10**9}
REHEARSED = {**QUICK, "courses": ((5, 60, 0.05), (2, 30, 0.3)), "least_rehearsed": 300}


@parametrize_with_checks([AutoMLPClassifier(recipe={"courses": ((80, 300, 0.05),), "judge": 0})])
def test_scikit_learns_checks(estimator: Any, check: Any) -> None:
    check(estimator)


def mixed(n: int = 300) -> tuple[pd.DataFrame, np.ndarray]:
    """Return rows of numbers and text with gaps, and labels that need both."""
    random = np.random.RandomState(0)
    table = pd.DataFrame(
        {
            "height": random.normal(170, 10, n),
            "town": np.array(["Ulm", "Köln", "Aachen"], dtype=object)[random.randint(3, size=n)],
            "member": random.rand(n) < 0.5,
        }
    )
    y = np.where((table["height"] > 170) ^ (table["town"] == "Ulm"), "yes", "no")
    table.loc[::7, "height"] = np.nan
    table.loc[::11, "town"] = None
    return table, y


def test_it_beats_the_defaults_on_digits_by_loss() -> None:
    X, y = load_digits(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0, stratify=y)
    model = AutoMLPClassifier(random_state=0).fit(X_train, y_train)
    assert model.score(X_test, y_test) > 0.98
    assert log_loss(y_test, model.predict_proba(X_test)) < 0.07


def test_a_mixed_table_with_gaps() -> None:
    table, y = mixed()
    model = AutoMLPClassifier(random_state=0).fit(table[:200], y[:200])
    sure = table[200:].notna().all(axis=1).to_numpy()
    assert (model.predict(table[200:]) == y[200:])[sure].mean() > 0.9
    assert model.feature_names_in_.tolist() == ["height", "town", "member"]
    assert model.preprocessor_ is not None
    unseen = table[200:].assign(town="Bonn", height=np.nan)
    p = model.predict_proba(unseen)
    assert np.isfinite(p).all()
    np.testing.assert_allclose(p.sum(axis=1), 1)


def test_frames_of_pandas_and_polars_and_arrays_of_objects_are_one() -> None:
    table, y = mixed()
    model = AutoMLPClassifier(random_state=0, recipe=QUICK)
    there = model.fit(table, y).predict_proba(table)
    known = table.astype(object).where(table.notna(), None)
    polars = pl.DataFrame({name: known[name].to_list() for name in table})
    np.testing.assert_array_equal(clone(model).fit(polars, y).predict_proba(polars), there)
    np.testing.assert_array_equal(model.predict_proba(polars), there)
    objects = table.to_numpy(dtype=object)
    found = clone(model).fit(objects, y)
    np.testing.assert_array_equal(found.predict_proba(objects), there)
    np.testing.assert_array_equal(found.predict_proba(objects.tolist()), there)


def test_gaps_in_an_array() -> None:
    X, y = load_iris(return_X_y=True)
    X[::3, 2] = np.nan
    model = AutoMLPClassifier(random_state=0).fit(X, y)
    assert model.score(X, y) > 0.95
    assert model.inputs_.n_features == 5  # one tells where the third is missing


def test_gaps_that_come_after_training_count_as_the_centre() -> None:
    X, y = load_iris(return_X_y=True)
    model = AutoMLPClassifier(random_state=0, recipe=QUICK).fit(X, y)
    rows = X[:5].copy()
    rows[:, 0] = np.nan
    centred = X[:5].copy()
    centred[:, 0] = model.inputs_.centre[0]
    np.testing.assert_array_equal(model.predict_proba(rows), model.predict_proba(centred))


def test_small_sparse_rows_are_as_dense_ones() -> None:
    X, y = load_digits(return_X_y=True)
    model = AutoMLPClassifier(random_state=0, recipe=QUICK)
    dense = model.fit(X, y).predict_proba(X)
    rows = sp.csr_array(X)
    np.testing.assert_array_equal(clone(model).fit(rows, y).predict_proba(rows), dense)
    np.testing.assert_array_equal(model.predict_proba(rows), dense)


def test_large_sparse_rows_stay_sparse() -> None:
    random = np.random.RandomState(0)
    X = sp.random(1000, 20_000, 0.004, format="csr", random_state=random)
    y = (X[:, :200].sum(axis=1) > X[:, 200:400].sum(axis=1)).astype(int)
    y = np.asarray(y).ravel()
    model = AutoMLPClassifier(random_state=0, recipe={**QUICK, "courses": ((20, 60, 0.05),)}).fit(
        X, y
    )
    assert model.inputs_.is_sparse
    assert sp.issparse(model.net_inputs(X))
    assert model.score(X, y) > 0.9
    few = X[:50].toarray()
    np.testing.assert_allclose(model.predict_proba(few), model.predict_proba(X)[:50], atol=1e-6)


def test_the_same_seed_gives_the_same_model_for_any_number_of_threads() -> None:
    X, y = load_iris(return_X_y=True)
    first, second, other = (
        AutoMLPClassifier(random_state=seed, n_threads=threads, recipe=QUICK).fit(X, y)
        for seed, threads in ((0, 1), (0, 2), (1, 2))
    )
    np.testing.assert_array_equal(first.predict_proba(X), second.predict_proba(X))
    assert not np.array_equal(first.predict_proba(X), other.predict_proba(X))


@pytest.mark.parametrize("k", [2, 3])
def test_the_average_of_the_members_is_unsmoothed(k: int) -> None:
    X, y = load_iris(return_X_y=True)
    X, y = X[y < k], y[y < k]
    model = AutoMLPClassifier(random_state=0).fit(X, y)
    inputs = model.net_inputs(X)
    average = np.mean([net.predict_proba(inputs) for net in model.nets_], axis=0)
    share = 0.03 / k
    expected = np.maximum(average - share, share / 10)
    expected /= expected.sum(axis=1, keepdims=True)
    assert model.temperature_ == 1  # no rehearsal with so few rows
    np.testing.assert_allclose(model.predict_proba(X), expected, atol=1e-6)
    np.testing.assert_allclose(model.predict_log_proba(X), np.log(model.predict_proba(X)))
    assert len(model.nets_) == 4
    assert model.predict_proba(X).max() > 1 - share  # which smoothed targets do not reach


def test_a_time_budget_plans_fewer_steps() -> None:
    X, y = load_digits(return_X_y=True)
    X, y = np.tile(X, (20, 1)), np.tile(y, 20)
    start = time.perf_counter()
    model = AutoMLPClassifier(random_state=0, time_budget=1.0).fit(X, y)
    seconds = time.perf_counter() - start
    assert seconds < 10  # other processes may hold the cores
    assert 1 <= model.n_iter_ < 40
    assert model.score(X, y) > 0.2  # however slow the machine
    whole = AutoMLPClassifier(random_state=0, time_budget=1000.0, recipe=QUICK).fit(X, y)
    np.testing.assert_array_equal(
        whole.predict_proba(X[:50]),
        AutoMLPClassifier(random_state=0, recipe=QUICK).fit(X, y).predict_proba(X[:50]),
    )


def test_plans() -> None:
    recipe, course = Recipe(batch=100, most_steps=40_000), Course(80, 750, 0.05)
    assert course.plan(50, recipe) == Plan(750, 50, 50)
    assert course.plan(1000, recipe) == Plan(80, 1000, 100)
    assert course.plan(1_000_000, recipe) == Plan(4, 1_000_000, 100)
    plan = course.plan(10_000, recipe)
    assert plan.steps == 8000
    assert plan.shortened(0.26) == Plan(20, 10_000, 100)
    assert plan.shortened(0.005) == Plan(1, 4000, 100)
    assert plan.shortened(0.0) == Plan(1, 100, 100)
    # Two epochs and a half are three epochs of fewer rows: no time is left over.
    assert plan.shortened(250 / 8000) == Plan(3, 8300, 100)
    brief = Course(20, 300, 0.3), Course(20, 300, 0.3).plan(10_000, recipe)
    plans = [(course, plan), (course, plan), brief, brief]
    assert recipe.in_time(plans, 100.0, 1e-3, 2) == plans
    half = recipe.in_time(plans, 8.0, 1e-3, 2)
    assert [(c.dropout, p.epochs) for c, p in half] == [(0.05, 40)] * 2 + [(0.3, 10)] * 2
    assert recipe.in_time(plans, 0.8, 1e-3, 2) == [(course, Plan(8, 10_000, 100))] * 2
    assert len(recipe.in_time(plans, 0.8, 1e-3, 8)) == 4  # all at once


def test_a_rehearsal_chooses_by_log_loss_and_error() -> None:
    random = np.random.RandomState(0)
    X = random.normal(size=(900, 4))
    bumps = np.floor(2 * X[:, 0]) % 2 == 0  # which pieces can follow
    y = np.where(random.rand(900) < 0.1, ~bumps, bumps)
    courses = ((60, 300, 0.0), (20, 150, 0.2))
    model = AutoMLPClassifier(random_state=0, recipe={"courses": courses, "pieces": 16, "judge": 0})
    model.fit(X[:700], y[:700])
    tried = [(each.epochs, each.pieces) for each in model.rehearsal_]
    assert tried == [(60, True), (60, False), (30, True)]  # 150 and 300 steps of 560 rows
    losses = [each.log_loss for each in model.rehearsal_]
    assert losses[1] > losses[0]
    chosen = {i for i, each in enumerate(model.rehearsal_) if each.chosen}
    assert chosen  # and none without the pieces
    assert chosen <= {0, 2}
    dropouts = {0: 0.0, 2: 0.2}
    assert {net.dropout for net in model.nets_} == {dropouts[i] for i in chosen}
    assert 0.25 < model.temperature_ < 8
    assert model.inputs_.edges
    assert model.score(X[700:], y[700:]) > 0.7


def test_a_rehearsal_does_without_classes_of_one_row() -> None:
    X, y = load_digits(return_X_y=True)
    y[0] = 99
    model = AutoMLPClassifier(random_state=0, recipe=REHEARSED).fit(X[:500], y[:500])
    assert len(model.rehearsal_) == 2
    assert 99 in model.classes_


class _Interrupting(Monitor):
    def epoch_ends(self, member: int, epoch: int, loss: float, score: float | None) -> None:
        if epoch == 20:
            raise KeyboardInterrupt

    def says(self, member: int, message: str) -> None:
        raise AssertionError(message)


def test_ctrl_c_keeps_the_model_as_it_stands() -> None:
    X, y = load_iris(return_X_y=True)
    with pytest.warns(UserWarning, match="interrupted"):
        model = AutoMLPClassifier(random_state=0, n_threads=1).fit_monitored(X, y, _Interrupting())
    assert model.n_iter_ == 20
    assert model.score(X, y) > 0.6
    assert 1 <= len(model.nets_) <= 4


def test_pictures_draw_the_first_member() -> None:
    X, y = load_digits(return_X_y=True)
    model = AutoMLPClassifier(random_state=0, recipe=QUICK).fit(X, y)
    assert [coef.shape for coef in model.coefs_] == [(64, 256), (256, 256), (256, 10)]
    assert [len(intercept) for intercept in model.intercepts_] == [256, 256, 10]
    assert len(model.loss_curve_) == model.n_iter_
    HiddenUnitsDisplay.from_estimator(model)
    LossCurveDisplay.from_estimator(model)


@pytest.mark.parametrize("name", ["coefs_", "n_iter_", "loss_curve_"])
def test_what_is_learned_is_not_there_before(name: str) -> None:
    assert not hasattr(AutoMLPClassifier(), name)


def test_what_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    table, y = mixed(60)
    AutoMLPClassifier(verbose=True, recipe=QUICK).fit(table, y)
    said = capsys.readouterr().out
    assert "Text columns become one 0/1 column a value, 4 in all: town." in said
    assert "60 rows of 3 columns become" in said


def test_what_cannot_be_used_is_told() -> None:
    X, y = load_iris(return_X_y=True)
    with pytest.raises(ValueError, match="one class, 1: a classifier needs two"):
        AutoMLPClassifier().fit(X, np.ones(len(X), int))
    with pytest.raises(ValueError, match="unexpected keyword argument 'depth'"):
        AutoMLPClassifier(recipe={"depth": 3}).fit(X, y)
    with pytest.raises(ValueError, match="epochs and hidden units of 1 or more"):
        AutoMLPClassifier(recipe={"members": 0}).fit(X, y)
    with pytest.raises(ValueError, match="shares of dropout"):
        AutoMLPClassifier(recipe={"label_smoothing": 1.0}).fit(X, y)
    with pytest.raises(ValueError, match="activation 'swish'"):
        AutoMLPClassifier(recipe={"activation": "swish"}).fit(X, y)
    with pytest.raises(ValueError, match="time_budget"):
        AutoMLPClassifier(time_budget=0).fit(X, y)
    with pytest.raises(DataError, match="x1"):
        AutoMLPClassifier().fit(np.array([["a", np.inf], ["b", 1.0]], object), [0, 1])
    twice = pd.DataFrame([["a", 1.0], ["b", 2.0]], columns=["c", "c"])
    with pytest.raises(DataError, match="more than one column called 'c'"):
        AutoMLPClassifier().fit(twice, [0, 1])
    gaps = sp.csr_array(([np.nan], ([0], [0])), shape=(5000, 5000))
    with pytest.raises(DataError, match="sparse and holds NaN"):
        AutoMLPClassifier().fit(gaps, np.arange(5000) % 2)


def test_training_that_diverges_is_told() -> None:
    X, y = load_iris(return_X_y=True)
    model = AutoMLPClassifier(recipe={**QUICK, "learning_rate": 1e30})
    with pytest.raises(ValueError, match="diverged"):
        model.fit(X, y)


@pytest.mark.shared_data
@pytest.mark.parametrize(("name", "least"), [("adult", 0.82), ("bank_marketing", 0.87)])
def test_real_mixed_tables(shared_data: pathlib.Path, name: str, least: float) -> None:
    frame = pd.read_csv(shared_data / "tables" / f"{name}.csv", nrows=6000)
    X, y = frame.iloc[:, :-1], frame.iloc[:, -1]
    model = AutoMLPClassifier(random_state=0, recipe=REHEARSED).fit(X[:4500], y[:4500])
    assert model.score(X[4500:], y[4500:]) > least

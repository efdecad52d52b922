"""Noisy copies of rows, and how members are shared out among courses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from glassnet import AutoMLPClassifier
from glassnet.data.net_inputs import NetInputs
from glassnet.estimators import auto_noise, memory
from glassnet.estimators.auto_noise import StockedRows, stocked
from glassnet.estimators.auto_recipe import Course, Recipe
from glassnet.estimators.auto_rehearsal import best_mix

PLAIN, NOISY = Course(40, 300, 0.05), Course(40, 300, 0.05, is_noisy=True)
X, y = load_digits(return_X_y=True)
TARGETS = (y[:, None] == np.arange(10)).astype(float)


def inputs_of(rows: Any, **options: Any) -> NetInputs:
    return NetInputs.measure(rows, Recipe(**options).inputs(), np.random.RandomState(0))


def stock_of(recipe: Recipe, courses: list[Course], inputs: NetInputs, rows: Any) -> StockedRows:
    copies = auto_noise.copies_of(recipe, inputs, rows.shape[0])
    random_state = np.random.RandomState(0)
    return stocked(recipe, courses, inputs, rows, TARGETS, copies=copies, random_state=random_state)


def test_copies_have_noise_where_inputs_vary() -> None:
    inputs = inputs_of(X)
    assert inputs.shares_one_range
    rows = inputs.apply(X)
    recipe = Recipe(copies=5, noise=0.3)
    stock = stock_of(recipe, [PLAIN, NOISY], inputs, X)
    n = len(rows)
    assert stock.X.shape == (5 * n, 64)
    np.testing.assert_array_equal(stock.X[:n], rows)
    added = (stock.X[n:].reshape(4, n, 64) - rows).astype(np.float64)
    varies = X.std(axis=0) > 0
    assert not added[:, :, ~varies].any()
    np.testing.assert_allclose(added[:, :, varies].std(axis=(0, 1)), 0.3, rtol=0.05)
    assert abs(added[:, :, varies].mean()) < 0.002
    for copy in range(5):
        np.testing.assert_array_equal(stock.targets[copy * n : (copy + 1) * n], TARGETS)
    assert (stock.seen_by(PLAIN), stock.seen_by(NOISY)) == (n, 5 * n)


@pytest.mark.parametrize("why", ["no noise", "no course", "apart", "sparse", "memory"])
def test_there_are_no_copies(why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = Recipe(noise=0.0 if why == "no noise" else 0.2)
    courses = [PLAIN] if why == "no course" else [PLAIN, NOISY]
    rows: Any = sp.csr_array(X) if why == "sparse" else X
    inputs = inputs_of(rows, shares_ranges=why != "apart")
    if why == "memory":
        monkeypatch.setattr(auto_noise, "_MOST_BYTES", 2 * 4 * X.size - 1)
    stock = stock_of(recipe, courses, inputs, rows)
    assert (stock.copies, stock.X.shape[0], stock.targets is TARGETS) == (1, len(X), True)


def test_fewer_copies_where_memory_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auto_noise, "_MOST_BYTES", 3 * 4 * X.size)
    assert auto_noise.copies_of(Recipe(copies=6), inputs_of(X), len(X)) == 3


def test_noisy_courses_take_as_many_steps() -> None:
    recipe = Recipe(batch=100)
    for n in (300, 1000, 5000):
        plain, noisy = PLAIN.plan(n, recipe, 4), NOISY.plan(n, recipe, 4)
        assert noisy.rows == 4 * n
        assert abs(noisy.steps - plain.steps) <= noisy.rows / 100


def test_a_net_trained_on_copies_has_all_of_them() -> None:
    recipe = {
        "members": 1, "hidden": (16,), "rehearsed_hidden": (16,), "copies": 3,
        "courses": ((2, 1, 0.0), (2, 1, 0.0, 0.02, True)), "judge": 0,
    }  # fmt: skip
    model = AutoMLPClassifier(random_state=0, recipe=recipe).fit(X, y)
    assert [each.noisy for each in model.rehearsal_] == [False, True]
    sentence = model.rehearsal_[1].sentence
    assert "noisy copies of the rows" in sentence
    chosen = next(each for each in model.rehearsal_ if each.chosen)
    assert model.n_iter_ == (1 if chosen.noisy else 2)


def test_inputs_that_do_not_fit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_WORTH_A_LOOK", 1)
    monkeypatch.setattr(memory, "_available_bytes", lambda: 3 * 4 * X.size)
    inputs = inputs_of(X)
    stock_of(Recipe(copies=3), [PLAIN, NOISY], inputs, X)
    with pytest.raises(MemoryError, match=r"7,188 rows of 64 numbers, take .* Train on fewer rows"):
        stock_of(Recipe(copies=4), [PLAIN, NOISY], inputs, X)


@pytest.mark.parametrize(("courses", "judge"), [([(9, 9, 0.0, 0.0, True)], 0), (None, -1)])
def test_recipes_without_a_plain_course_are_refused(courses: Any, judge: int) -> None:
    recipe = {"judge": judge} | ({} if courses is None else {"courses": courses})
    with pytest.raises(ValueError, match="without noise"):
        AutoMLPClassifier(recipe=recipe).fit(X, y)


def error_of(truth: NDArray[Any]) -> Any:
    return lambda p: (
        float((p.argmax(axis=1) != truth).mean()) - 1e-3 * p[np.arange(len(p)), truth].mean()
    )


def test_members_are_shared_out_so_that_they_make_up_for_each_other() -> None:
    truth = np.array([0, 0, 1, 1])
    one = np.array([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.6, 0.4]])  # right on the first class
    other = 1 - one[::-1]  # on the second
    mix = best_mix([one, other, one], 4, lambda p: error_of(truth)(p) + 10 * abs(p[0, 0] - 0.65))
    assert mix.count(1) == 2


def test_a_course_that_is_best_alone_gets_all_members() -> None:
    truth = np.array([0, 1, 0, 1])
    best = np.where(truth[:, None] == [0, 1], 0.9, 0.1)
    worse = np.full((4, 2), 0.5)
    assert best_mix([worse, best, worse], 3, error_of(truth)) == (1, 1, 1)

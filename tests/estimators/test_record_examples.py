"""`record_examples` of the nets: what `examples_` is of, and how much memory it may take."""

from __future__ import annotations

import pickle
import tracemalloc
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_diabetes, load_digits
from sklearn.preprocessing import scale

import glassnet
from glassnet import Member, MLPClassifier, MLPRegressor, Network, train_population
from glassnet.estimators import memory
from glassnet.estimators.memory import ledger_bytes
from glassnet.training import Sgd

DIGITS, LABELS = load_digits(return_X_y=True)
X, Y = DIGITS[:300] / 16, LABELS[:300]

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def net(**more: Any) -> MLPClassifier:
    settings = {"max_iter": 6, "random_state": 0, "record_examples": True, **more}
    return MLPClassifier((8,), **settings)


@pytest.mark.parametrize("solver", ["sgd", "adam", "adamw", "lbfgs"])
def test_examples_are_in_the_order_of_the_rows(solver: str) -> None:
    fitted = net(solver=solver, alpha=0.0).fit(X, Y)
    assert fitted.examples_.losses.shape == (fitted.n_iter_, 300)
    assert fitted.examples_.losses.mean(axis=1) == pytest.approx(fitted.loss_curve_, rel=1e-5)
    order = np.random.RandomState(0).permutation(300)
    whole = net(solver=solver, shuffle=False, batch_size=300, precision="float64")
    losses = whole.fit(X, Y).examples_.losses
    assert whole.fit(X[order], Y[order]).examples_.losses == pytest.approx(
        losses[:, order], rel=1e-4, abs=1e-6
    )


def test_without_asking_there_are_none() -> None:
    fitted = net(record_examples=False).fit(X, Y)
    assert fitted.examples_ is None
    assert fitted.fit(X, Y).partial_fit(X, Y).examples_ is None
    assert clone(net()).record_examples is True


def test_several_labels_are_right_together() -> None:
    labels = np.stack([Y > 4, Y % 2 == 0], axis=1).astype(int)
    fitted = net(solver="lbfgs", max_iter=30).fit(X, labels)
    right = (fitted.predict(X) == labels).all(axis=1)
    assert np.array_equal(fitted.examples_.right[-1], right)
    assert right.any()


def test_rows_kept_aside_are_not_met() -> None:
    fitted = net(early_stopping=True, max_iter=3).fit(X, Y)
    not_met = np.isnan(fitted.examples_.losses)
    assert not_met.sum(axis=1).tolist() == [30, 30, 30]
    assert (not_met == not_met[0]).all()
    given = net(early_stopping=True, max_iter=3).fit(X, Y, X_val=X[:50], y_val=Y[:50])
    assert np.isfinite(given.examples_.losses).all()


def test_of_restarts_the_kept_one_has_its_ledger() -> None:
    many = net(n_restarts=4, alpha=0.0).fit(X, Y)
    assert many.loss_ == min(one.loss for one in many.restarts_) < many.restarts_[0].loss
    assert many.examples_.losses[-1].mean() == pytest.approx(many.loss_, rel=1e-5)


def test_a_warm_start_begins_a_ledger_of_its_own() -> None:
    fitted = net(warm_start=True, alpha=0.0).fit(X, Y)
    first = fitted.examples_
    second = fitted.fit(X, Y).examples_
    assert second.n_epochs == 6
    both = first.followed_by(second)
    assert both.losses.mean(axis=1) == pytest.approx(fitted.loss_curve_, rel=1e-5)


def test_partial_fit_keeps_the_epochs_of_a_call() -> None:
    once = net().partial_fit(X, Y, classes=range(10), n_epochs=4)
    assert once.examples_.losses.shape == (4, 300)
    steps = net()
    ledgers = [steps.partial_fit(X, Y, classes=range(10)).examples_ for _ in range(4)]
    assert [ledger.n_epochs for ledger in ledgers] == [1, 1, 1, 1]
    joined = np.concatenate([ledger.losses for ledger in ledgers])
    assert np.array_equal(joined, once.examples_.losses)
    assert once.partial_fit(X[:70], Y[:70]).examples_.losses.shape == (1, 70)


def test_numbers_have_losses_alone() -> None:
    rows, target = load_diabetes(return_X_y=True)
    rows, target = scale(rows), scale(target)
    fitted = MLPRegressor(
        hidden_layer_sizes=(5,), solver="lbfgs", random_state=0, record_examples=True
    ).fit(rows, target)
    assert fitted.examples_.right is None
    expected = (fitted.predict(rows) - target) ** 2 / 2
    assert fitted.examples_.losses[-1] == pytest.approx(expected, rel=1e-4, abs=1e-6)
    again = fitted.set_params(solver="adam").partial_fit(rows, target, n_epochs=3)
    assert again.examples_.losses.shape == (3, 442)


def test_members_keep_ledgers_of_their_own() -> None:
    members = [
        Member(Sgd(0.1), np.random.RandomState(0), max_iter=3, record_examples=keeps)
        for keeps in (True, False, True)
    ]
    fits = train_population(Network((64, 8, 10)), members, X, Y).fits
    assert [fit.examples is None for fit in fits] == [False, True, False]
    assert fits[0].examples is not None
    assert fits[0].examples.losses.shape == (3, 300)


def test_a_ledger_is_pickled_but_not_stored(tmp_path: Any) -> None:
    fitted = net().fit(X, Y)
    copy = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(copy.examples_.losses, fitted.examples_.losses)
    path = tmp_path / "net.safetensors"
    glassnet.save(fitted, path)
    loaded = glassnet.load(path)
    assert loaded.record_examples is True
    assert loaded.examples_ is None
    assert loaded.fit(X, Y).examples_.n_epochs == 6


def test_a_ledger_too_large_is_told_before_it_is_taken() -> None:
    huge = net(max_iter=10**9)
    tracemalloc.start()
    with pytest.raises(
        MemoryError, match=r"takes up to 1,1\d\d.\d GB for the losses of 300 rows at 1,000,000,000"
    ):
        huge.fit(X, Y)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**24
    members = [Member(Sgd(), np.random.RandomState(0), max_iter=10**9, record_examples=True)]
    with pytest.raises(MemoryError, match="Lower max_iter"):
        train_population(Network((64, 8, 10)), members, X, Y)


def test_ledgers_of_all_restarts_count(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ledger_bytes(200, 5001) == 200 * (4 * 5001 + 626)
    monkeypatch.setattr(memory, "_WORTH_A_LOOK", 0)
    monkeypatch.setattr(memory, "_available_bytes", lambda: 2 * ledger_bytes(2000, 300))
    settings = {"max_iter": 2000, "n_iter_no_change": 1, "tol": 10.0}
    net(**settings).fit(X, Y)
    with pytest.raises(MemoryError, match="300 rows at 6,000 epochs"):
        net(n_restarts=3, **settings).fit(X, Y)

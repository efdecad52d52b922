"""The ledger: each row's loss as it is met, the same in every engine, and nothing else changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse
from sklearn.datasets import load_diabetes, load_digits

from glassnet.errors import DataError
from glassnet.model import Member, Network, Population, initial_parameters
from glassnet.training import (
    Adam,
    Engine,
    ExampleLedger,
    Lbfgs,
    Newton,
    Sgd,
    Stop,
    available_engines,
    forward,
)
from glassnet.training.engines import ENGINES as MAKERS
from glassnet.training.ledger import OpenLedger, joined

ENGINES: list[Engine] = [MAKERS[name](None) for name in available_engines()]
SOLVERS = [Sgd(0.5), Adam(0.01), Lbfgs()]
F32, F64 = np.dtype(np.float32), np.dtype(np.float64)
DIGITS, LABELS = load_digits(return_X_y=True)
X, Y = DIGITS[:300] / 16, np.eye(10, dtype=bool)[LABELS[:300]]
NETWORK = Network((64, 8, 10), "tanh")
PAIRS, SECOND = X, (LABELS[:300] > 4)[:, np.newaxis]
SEVERAL = np.stack([LABELS[:300] > 4, LABELS[:300] % 2 == 0, LABELS[:300] == 3], axis=1)

engines = pytest.mark.parametrize("engine", ENGINES, ids=lambda e: e.name)
solvers = pytest.mark.parametrize("solver", SOLVERS, ids=lambda s: s.name)
both = pytest.mark.skipif(len(ENGINES) < 2, reason="needs the native engine")


def member(solver: Any = SOLVERS[0], **more: Any) -> Member:
    settings = {"max_iter": 5, "batch_size": 32, "record_examples": True, **more}
    return Member(solver, np.random.RandomState(0), **settings)


def train(engine: Engine, *members: Member, network: Network = NETWORK, **more: Any) -> Any:
    given = {"X": X, "y": Y, "dtype": F64, **more}
    return engine.train(Population(network, members), given.pop("X"), given.pop("y"), **given).fits


@solvers
@engines
def test_a_ledger_changes_nothing(engine: Engine, solver: Any) -> None:
    (alone,) = train(engine, member(solver, record_examples=False), dtype=F32)
    (kept,) = train(engine, member(solver), dtype=F32)
    assert alone.examples is None
    assert kept.examples.losses.shape == kept.examples.right.shape == (5, 300)
    assert np.array_equal(alone.parameters, kept.parameters)
    assert alone.loss_curve == kept.loss_curve


@pytest.mark.parametrize("weighted", [False, True])
@solvers
@engines
def test_the_curve_is_the_mean_of_the_lines(engine: Engine, solver: Any, weighted: bool) -> None:
    weights = np.random.RandomState(1).uniform(0.5, 2, 300) if weighted else None
    # One batch an epoch, so that the weighted mean of an epoch is that of its batch.
    given = {"alpha": 0.0, "row_weights": weights, "batch_size": 300 if weighted else 32}
    (fit,) = train(engine, member(solver, **given))
    means = np.average(fit.examples.losses.astype(np.float64), axis=1, weights=weights)
    assert means == pytest.approx(fit.loss_curve, rel=1e-6)


@engines
def test_the_first_epoch_of_one_batch_is_the_start(engine: Engine) -> None:
    (fit,) = train(engine, member(batch_size=300, max_iter=2))
    theta = initial_parameters(NETWORK, np.random.RandomState(0), F64)
    a = forward(NETWORK, theta, X)
    assert fit.examples.losses[0] == pytest.approx(-np.log(a[Y]), rel=1e-6)
    assert np.array_equal(fit.examples.right[0], a.argmax(axis=1) == LABELS[:300])


@engines
def test_lbfgs_is_written_down_after_each_iteration(engine: Engine) -> None:
    rows = np.arange(7, 207)
    (fit,) = train(engine, member(Lbfgs(), rows=rows, max_iter=200, tol=1e-3))
    assert fit.stop is Stop.CONVERGED
    assert fit.n_iter < 200  # so that the ledger is cut
    assert fit.examples.n_epochs == fit.n_iter == len(fit.loss_curve)
    a = forward(NETWORK, fit.parameters, X[rows])
    last = fit.examples.losses[-1]
    assert last[rows] == pytest.approx(-np.log(a[Y[rows]]), rel=1e-5)
    assert np.array_equal(fit.examples.right[-1, rows], a.argmax(axis=1) == LABELS[rows])
    others = np.setdiff1d(np.arange(300), rows)
    assert np.isnan(last[others]).all()
    assert not fit.examples.right[:, others].any()


CASES: dict[str, dict[str, Any]] = {
    "softmax": {},
    "dropout": {"settings": {"dropout": 0.3}},
    "smoothed": {"settings": {"label_smoothing": 0.2}},
    "weighted": {"settings": {"row_weights": np.linspace(0, 2, 300)}},
    "some rows": {"settings": {"rows": np.arange(3, 290, 2)}},
    "long batches": {"settings": {"batch_size": 290}},
    "clipped": {"settings": {"clip_norm": 0.1}},
    "sparse": {"X": scipy.sparse.csr_matrix(X)},
    "two classes": {"y": SECOND, "network": Network((64, 8, 1), "relu", "logistic")},
    "labels": {"y": SEVERAL, "network": Network((64, 8, 3), "relu", "logistic")},
    "smoothed labels": {
        "y": SEVERAL,
        "network": Network((64, 8, 3), "relu", "logistic"),
        "settings": {"label_smoothing": 0.2},
    },
    "one column": {
        "y": SEVERAL,
        "network": Network((64, 8, 1), "relu", "logistic"),
        "settings": {"target": 1},
    },
    "numbers": {"y": X[:, 10:12], "network": Network((64, 8, 2), "relu", "identity")},
    "counts": {"y": DIGITS[:300, 10:12] // 8, "network": Network((64, 8, 2), "tanh", "exp")},
}


@both
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
@solvers
def test_the_engines_write_the_same(solver: Any, case: dict[str, Any]) -> None:
    if solver.name == "sgd":
        solver = Sgd(0.05)
    given = {name: value for name, value in case.items() if name != "settings"}
    ledgers = [
        train(engine, member(solver, **case.get("settings", {})), **given)[0].examples
        for engine in ENGINES
    ]
    first, second = ledgers
    assert np.array_equal(np.isnan(first.losses), np.isnan(second.losses))
    assert second.losses == pytest.approx(first.losses, rel=1e-5, abs=1e-7, nan_ok=True)
    if not given.get("network", NETWORK).out.is_of_classes:
        assert first.right is second.right is None
    else:
        assert np.array_equal(first.packed, second.packed)
        assert first.right.any()


@engines
def test_both_precisions_write_the_same_to_rounding(engine: Engine) -> None:
    single, double = (train(engine, member(), dtype=dtype)[0].examples for dtype in (F32, F64))
    assert single.losses.dtype == double.losses.dtype == np.float32
    assert single.losses == pytest.approx(double.losses, rel=1e-3, abs=1e-5)
    assert (single.right != double.right).mean() < 0.01


@both
def test_neither_threads_nor_neighbours_change_a_bit() -> None:
    members = [{"dropout": 0.2}, {"rows": np.arange(40, 300)}, {"batch_size": 100}]
    together = train(MAKERS["native"](3), *[member(**one) for one in members], dtype=F32)
    for one, fit in zip(members, together, strict=True):
        (alone,) = train(MAKERS["native"](1), member(**one), dtype=F32)
        assert np.array_equal(alone.examples.losses, fit.examples.losses, equal_nan=True)
        assert np.array_equal(alone.examples.packed, fit.examples.packed)


@engines
def test_the_loss_of_a_wide_net_with_many_classes(engine: Engine) -> None:
    # So many outputs lie in several strips of the core.
    k = 150
    y = np.eye(k, dtype=bool)[np.random.RandomState(0).randint(k, size=300)]
    network = Network((64, 8, k))
    (fit,) = train(engine, member(batch_size=300, max_iter=1), y=y, network=network)
    theta = initial_parameters(network, np.random.RandomState(0), F64)
    a = forward(network, theta, X)
    assert fit.examples.losses[0] == pytest.approx(-np.log(a[y]), rel=1e-6)
    assert np.array_equal(fit.examples.right[0], a.argmax(axis=1) == y.argmax(axis=1))


@engines
def test_equal_outputs_count_as_the_first_class(engine: Engine) -> None:
    start = np.zeros(NETWORK.n_parameters)
    (fit,) = train(engine, member(start=start, batch_size=300, max_iter=1))
    assert np.array_equal(fit.examples.right[0], LABELS[:300] == 0)
    assert fit.examples.losses[0] == pytest.approx(np.full(300, np.log(10)), rel=1e-6)


@engines
def test_rows_of_no_weight_alone_in_their_batch_are_not_met(engine: Engine) -> None:
    weights = np.ones(300)
    weights[:32] = 0
    (fit,) = train(engine, member(shuffle=False, row_weights=weights))
    assert np.isnan(fit.examples.losses[:, :32]).all()
    assert np.isfinite(fit.examples.losses[:, 32:]).all()


class Impatient:
    """Stops the training after two epochs."""

    def epoch_ends(self, member: int, epoch: int, loss: float, score: float | None) -> None:
        if epoch == 2:
            raise KeyboardInterrupt

    def says(self, member: int, message: str) -> None:
        pass


@solvers
@engines
def test_an_interrupted_training_keeps_its_epochs(engine: Engine, solver: Any) -> None:
    (fit,) = train(engine, member(solver), monitor=Impatient())
    assert fit.stop is Stop.INTERRUPTED
    assert fit.examples.n_epochs == len(fit.loss_curve) == 2


@engines
def test_newton_refuses_a_ledger(engine: Engine) -> None:
    with pytest.raises(ValueError, match="record_examples=True needs a solver that meets the rows"):
        train(engine, member(Newton()), network=Network((64, 10)))


@engines
def test_the_loss_told_of_several_numbers_is_their_mean(engine: Engine) -> None:
    rows, target = load_diabetes(return_X_y=True)
    y = np.stack([target, target / 2], axis=1) / 100
    network = Network((10, 4, 2), "tanh", "identity")
    given = {"X": rows, "y": y, "network": network}
    (fit,) = train(engine, member(Sgd(0.01), alpha=0.0, batch_size=64), **given)
    assert fit.examples.losses.mean(axis=1) == pytest.approx(fit.loss_curve, rel=1e-6)


def test_a_ledger_is_cut_frozen_and_joined() -> None:
    pages = OpenLedger(NETWORK, 8, 10)
    for epoch in range(3):
        pages.begin()
        pages.write(np.array([0, 9]), np.array([epoch, np.nan]), np.array([True, True]))
        pages.end()
    ledger = pages.closed(3)
    assert (ledger.n_epochs, ledger.n_rows) == (3, 10)
    assert ledger.losses[:, 0].tolist() == [0, 1, 2]
    assert np.isnan(ledger.losses[:, 1:]).all()
    assert ledger.right is not None
    assert np.argwhere(ledger.right).tolist() == [[0, 0], [1, 0], [2, 0]]
    assert ledger.losses.base is None  # the pages that were not written are given back
    with pytest.raises(ValueError, match="read-only"):
        ledger.losses[0, 0] = 1
    double = ledger.followed_by(ledger)
    assert double.losses[:, 0].tolist() == [0, 1, 2, 0, 1, 2]
    assert double.packed is not None
    assert double.packed.shape == (6, 2)
    other = ExampleLedger(np.zeros((1, 3), np.float32), None)
    with pytest.raises(DataError, match="Ledgers of 3 and 10 rows cannot follow each other"):
        joined([ledger, other])

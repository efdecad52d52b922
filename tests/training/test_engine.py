"""What every engine promises: independence, frozen members, rows, targets, interruption."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from sklearn.datasets import load_digits

from glassnet.model import Member, Network, Population
from glassnet.training import Adam, Engine, Fit, Lbfgs, Sgd, Stop, available_engines
from glassnet.training.engines import ENGINES as MAKERS

ENGINES: list[Engine] = [MAKERS[name](None) for name in available_engines()]
SOLVERS = [Sgd(0.1), Adam(0.01), Lbfgs()]
F64 = np.dtype(np.float64)
DIGITS, LABELS = load_digits(return_X_y=True)
X, Y = DIGITS[:200] / 16, np.eye(10)[LABELS[:200]]
NETWORK = Network((64, 8, 10), "tanh")

engines = pytest.mark.parametrize("engine", ENGINES, ids=lambda e: e.name)
solvers = pytest.mark.parametrize("solver", SOLVERS, ids=lambda s: s.name)


def member(solver: Any, seed: int = 0, **more: Any) -> Member:
    settings = {"max_iter": 6, "batch_size": 32, **more}
    return Member(solver, np.random.RandomState(seed), **settings)


def train(engine: Engine, *members: Member, data: Any = X, **more: Any) -> tuple[Fit, ...]:
    options = {"dtype": F64, **more}
    return engine.train(Population(NETWORK, members), data, Y, **options).fits


def same_bits(one: Fit, other: Fit) -> bool:
    return (
        np.array_equal(one.parameters, other.parameters)
        and one.loss_curve == other.loss_curve
        and one.stop is other.stop
    )


@solvers
@engines
def test_a_members_result_does_not_depend_on_its_neighbours(engine: Engine, solver: Any) -> None:
    (alone,) = train(engine, member(solver, seed=1))
    among = train(engine, member(Adam(0.5)), member(solver, seed=1), member(Sgd(3.0), seed=9))
    assert same_bits(alone, among[1])


@solvers
@engines
def test_same_seed_same_bits(engine: Engine, solver: Any) -> None:
    first, again, other = train(
        engine, member(solver, seed=4), member(solver, seed=4), member(solver, seed=5)
    )
    assert same_bits(first, again)
    assert not np.array_equal(first.parameters, other.parameters)


@engines
def test_a_stopped_member_is_frozen_while_others_go_on(engine: Engine) -> None:
    short, long = train(engine, member(Sgd(0.1), max_iter=2), member(Sgd(0.1), max_iter=9))
    assert (short.n_iter, long.n_iter) == (2, 9)
    assert short.loss_curve == long.loss_curve[:2]
    (two,) = train(engine, member(Sgd(0.1), max_iter=2))
    assert same_bits(short, two)


@solvers
@engines
def test_rows_of_a_member_are_all_that_it_sees(engine: Engine, solver: Any) -> None:
    rows = np.arange(0, 200, 2)
    (among_all,) = train(engine, member(solver, rows=rows))
    population = Population(NETWORK, (member(solver),))
    (alone,) = engine.train(population, X[rows], Y[rows], dtype=F64).fits
    assert same_bits(among_all, alone)


@solvers
@engines
def test_weights_are_those_of_the_rows(engine: Engine, solver: Any) -> None:
    weights = np.random.RandomState(0).uniform(size=200)
    rows = np.arange(50, 150)
    (among_all,) = train(engine, member(solver, rows=rows, row_weights=weights))
    population = Population(NETWORK, (member(solver, row_weights=weights[rows]),))
    (alone,) = engine.train(population, X[rows], Y[rows], dtype=F64).fits
    assert same_bits(among_all, alone)


@solvers
@engines
def test_a_target_is_one_column_of_y(engine: Engine, solver: Any) -> None:
    network = Network((64, 3, 1), "tanh", "logistic")
    members = tuple(member(solver, target=c) for c in (2, 7))
    two, seven = engine.train(Population(network, members), X, Y, dtype=F64).fits
    (alone,) = engine.train(Population(network, (member(solver),)), X, Y[:, [7]], dtype=F64).fits
    assert same_bits(seven, alone)
    assert not np.array_equal(two.parameters, seven.parameters)


@solvers
@engines
def test_sparse_rows_equal_dense_rows(engine: Engine, solver: Any) -> None:
    (dense,) = train(engine, member(solver))
    (sparse,) = train(engine, member(solver), data=scipy.sparse.csr_matrix(X))
    np.testing.assert_allclose(sparse.parameters, dense.parameters, rtol=1e-7, atol=1e-9)


@engines
def test_training_goes_on_where_it_was(engine: Engine) -> None:
    (whole,) = train(engine, member(Adam(0.01), max_iter=6))
    random_state = np.random.RandomState(0)
    start = member(Adam(0.01), max_iter=1)
    start = replace(start, random_state=random_state, shuffle=False)
    (whole,) = train(engine, replace(start, max_iter=6, random_state=np.random.RandomState(0)))
    fit, losses = None, []
    for _ in range(6):
        state = (
            {}
            if fit is None
            else {
                "start": fit.parameters,
                "optimizer_state": fit.optimizer_state,
                "progress": fit.progress,
            }
        )
        (fit,) = train(engine, replace(start, **state))
        losses += fit.loss_curve
    assert fit is not None
    assert np.array_equal(fit.parameters, whole.parameters)
    assert losses == whole.loss_curve
    assert fit.progress.rows_seen == whole.progress.rows_seen == 6 * 200


class StopsAt:
    """A monitor that presses Ctrl-C at the end of an epoch."""

    def __init__(self, epoch: int) -> None:
        self.epoch, self.heard = epoch, []

    def epoch_ends(self, member: int, epoch: int, loss: float, score: float | None) -> None:
        self.heard.append((member, epoch, loss, score))
        if epoch == self.epoch:
            raise KeyboardInterrupt

    def says(self, member: int, message: str) -> None:
        self.heard.append((member, message))


@solvers
@engines
def test_an_interrupted_member_is_kept_as_it_stands(engine: Engine, solver: Any) -> None:
    monitor = StopsAt(3)
    (fit,) = train(engine, member(solver, tol=1e-9), monitor=monitor)
    (three,) = train(engine, member(solver, tol=1e-9, max_iter=3))
    assert fit.stop is Stop.INTERRUPTED
    assert fit.n_iter == 3
    assert np.array_equal(fit.parameters, three.parameters)
    assert [heard[2] for heard in monitor.heard] == fit.loss_curve


@engines
def test_a_diverging_member_stops_at_once(engine: Engine) -> None:
    (fit,) = train(engine, member(Sgd(1e30), max_iter=50, alpha=10.0))
    assert fit.stop is Stop.DIVERGED
    assert fit.n_iter < 50
    assert not np.isfinite(fit.loss_curve[-1])
    assert np.isfinite(fit.loss_curve[:-1]).all()


@engines
def test_a_diverging_member_stops_though_its_score_is_what_counts(engine: Engine) -> None:
    rows, kept = np.arange(150), np.arange(150, 200)
    split = {"rows": rows, "validation_rows": kept, "n_iter_no_change": 50}
    (fit,) = train(engine, member(Sgd(0.5), **split))
    start = fit.progress.best_parameters
    assert start is not None
    (fit,) = train(
        engine,
        member(Sgd(1e30), max_iter=50, alpha=10.0, start=start, progress=fit.progress, **split),
    )
    assert fit.stop is Stop.DIVERGED
    assert fit.n_iter < 10
    assert np.array_equal(fit.parameters, start)


@engines
def test_the_best_net_on_validation_rows_is_restored(engine: Engine) -> None:
    rows, kept = np.arange(150), np.arange(150, 200)
    (fit,) = train(
        engine,
        member(Sgd(2.0), rows=rows, validation_rows=kept, max_iter=40, n_iter_no_change=4),
    )
    assert fit.stop is Stop.CONVERGED
    assert fit.n_iter == len(fit.validation_scores) < 40
    best = max(fit.validation_scores)
    assert fit.progress.best_score == best
    coefs, intercepts = NETWORK.coefs(fit.parameters), NETWORK.intercepts(fit.parameters)
    z = np.tanh(X[kept] @ coefs[0] + intercepts[0]) @ coefs[1] + intercepts[1]
    assert (z.argmax(axis=1) == LABELS[kept]).mean() == best


@engines
def test_rows_that_count_for_nothing_change_nothing(engine: Engine) -> None:
    weights = np.r_[np.ones(96), np.zeros(104)]  # three batches of 32, then nothing but zeros
    (weighted,) = train(engine, member(Sgd(0.1), row_weights=weights, shuffle=False))
    (fewer,) = train(engine, member(Sgd(0.1), rows=np.arange(96), shuffle=False))
    np.testing.assert_allclose(weighted.parameters, fewer.parameters, rtol=1e-10)


@engines
def test_float32_is_asked_for_and_given(engine: Engine) -> None:
    (fit,) = train(engine, member(Adam()), dtype=np.dtype(np.float32))
    assert fit.parameters.dtype == np.float32
    (fit,) = train(engine, member(Lbfgs()), dtype=np.dtype(np.float32))
    assert fit.parameters.dtype == np.float64

"""What validation rows and training rows say after each epoch, and who hears of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from sklearn.datasets import load_digits

from glassnet.model import Member, Network, Population, Validation
from glassnet.training import Adam, Engine, Fit, Lbfgs, Sgd, Stop, available_engines, forward
from glassnet.training.engines import ENGINES as MAKERS

ENGINES: list[Engine] = [MAKERS[name](None) for name in available_engines()]
SOLVERS = [Sgd(0.5), Adam(0.01), Lbfgs()]
F32, F64 = np.dtype(np.float32), np.dtype(np.float64)
DIGITS, LABELS = load_digits(return_X_y=True)
X, Y = DIGITS[:400] / 16, np.eye(10)[LABELS[:400]]
TRAIN, KEPT = np.arange(300), np.arange(300, 400)
WEIGHTS = np.random.RandomState(0).uniform(0.1, 2, size=400)
NETWORK = Network((64, 8, 10), "tanh")

engines = pytest.mark.parametrize("engine", ENGINES, ids=lambda e: e.name)
solvers = pytest.mark.parametrize("solver", SOLVERS, ids=lambda s: s.name)


def member(solver: Any = SOLVERS[0], **more: Any) -> Member:
    return Member(solver, np.random.RandomState(0), **{"max_iter": 5, "batch_size": 32, **more})


def train(engine: Engine, *members: Member, network: Network = NETWORK, **more: Any) -> Any:
    given = {"X": X, "y": Y, "dtype": F64, "validation": None, **more}
    population = Population(network, members, given.pop("validation"))
    return engine.train(population, given.pop("X"), given.pop("y"), **given).fits


def judged(fit: Fit, rows: Any, weights: Any = None) -> tuple[float, float]:
    """Return the accuracy and the log loss of a net, by their definitions."""
    a = forward(NETWORK, fit.parameters, X[rows])
    right = a.argmax(axis=1) == LABELS[rows]
    loss = -np.log(a[np.arange(len(rows)), LABELS[rows]])
    return np.average(right, weights=weights), np.average(loss, weights=weights)


@solvers
@engines
def test_what_is_only_recorded_changes_nothing(engine: Engine, solver: Any) -> None:
    (alone,) = train(engine, member(solver, rows=TRAIN))
    (watched,) = train(
        engine,
        member(
            solver, rows=TRAIN, validation_rows=KEPT, validation_stops=False, scores_training=True
        ),
    )
    assert np.array_equal(alone.parameters, watched.parameters)
    assert alone.loss_curve == watched.loss_curve
    assert alone.progress.best_loss == watched.progress.best_loss
    assert watched.progress.best_parameters is None
    curves = (watched.validation_scores, watched.validation_losses, watched.training_scores)
    assert [len(curve) for curve in curves] == [5, 5, 5]
    assert alone.validation_scores == alone.validation_losses == alone.training_scores == []


@pytest.mark.parametrize("weighted", [False, True])
@solvers
@engines
def test_scores_and_losses_are_what_they_say(engine: Engine, solver: Any, weighted: bool) -> None:
    weights = WEIGHTS if weighted else None
    (fit,) = train(
        engine,
        member(
            solver,
            rows=TRAIN,
            validation_rows=KEPT,
            validation_stops=False,
            scores_training=True,
            row_weights=weights,
        ),
    )
    score, loss = judged(fit, KEPT, None if weights is None else weights[KEPT])
    assert fit.validation_scores[-1] == pytest.approx(score, rel=1e-12)
    assert fit.validation_losses[-1] == pytest.approx(loss, rel=1e-10)
    score, _ = judged(fit, TRAIN, None if weights is None else weights[TRAIN])
    assert fit.training_scores[-1] == pytest.approx(score, rel=1e-12)


@pytest.mark.parametrize("make", [np.asarray, scipy.sparse.csr_matrix], ids=["dense", "sparse"])
@pytest.mark.parametrize("dtype", [F32, F64], ids=str)
@pytest.mark.parametrize("solver", SOLVERS[:2], ids=lambda s: s.name)
@engines
def test_rows_of_their_own_judge_as_rows_kept_aside(
    engine: Engine, solver: Any, dtype: np.dtype[Any], make: Any
) -> None:
    settings = {"max_iter": 40, "n_iter_no_change": 2, "tol": 0.01, "row_weights": WEIGHTS}
    (aside,) = train(
        engine,
        member(solver, rows=TRAIN, validation_rows=KEPT, **settings),
        dtype=dtype,
        X=make(X),
    )
    settings["row_weights"] = WEIGHTS[TRAIN]
    own = Validation(make(X[KEPT]), Y[KEPT], WEIGHTS[KEPT])
    (given,) = train(
        engine,
        member(solver, **settings),
        dtype=dtype,
        X=make(X[TRAIN]),
        y=Y[TRAIN],
        validation=own,
    )
    assert aside.stop is given.stop is Stop.CONVERGED
    assert np.array_equal(aside.parameters, given.parameters)
    assert aside.validation_scores == given.validation_scores
    assert aside.validation_losses == given.validation_losses
    assert aside.message == given.message


@pytest.mark.parametrize("solver", SOLVERS, ids=lambda s: s.name)
@engines
def test_a_target_of_its_own_is_judged_by_its_column(engine: Engine, solver: Any) -> None:
    network = Network((64, 3, 1), "tanh", "logistic")
    own = Validation(X[KEPT], Y[KEPT])
    (one,) = train(engine, member(solver, target=7), network=network, validation=own)
    own = Validation(X[KEPT], Y[KEPT][:, [7]])
    (alone,) = train(engine, member(solver), network=network, y=Y[:, [7]], validation=own)
    assert one.validation_losses == alone.validation_losses
    a = forward(network, one.progress.best_parameters, X[KEPT]) if solver.name != "lbfgs" else None
    if a is not None:
        right = (a[:, 0] > 0.5) == (LABELS[KEPT] == 7)
        assert max(one.validation_scores) == right.mean()


def minus_squares(parameters: Any, *, training: bool) -> float:
    """Score that falls as the coefs grow, so that the first net is the best."""
    return -float(np.square(parameters).sum()) - 1000 * training


@solvers
@engines
def test_whoever_scores_gets_the_nets_parameters(engine: Engine, solver: Any) -> None:
    heard: list[tuple[bool, Any]] = []

    def scorer(parameters: Any, *, training: bool) -> float:
        heard.append((training, parameters))
        return minus_squares(parameters, training=training)

    watched = member(solver, scorer=scorer, scores_training=True, validation_stops=False)
    (fit,) = train(engine, watched, validation=Validation(X[KEPT], Y[KEPT]))
    assert [training for training, _ in heard] == [False, True] * 5
    assert np.array_equal(heard[-1][1], fit.parameters)
    assert heard[0][1].dtype == np.float64
    assert fit.validation_scores == [
        minus_squares(p, training=False) for p in [p for training, p in heard if not training]
    ]
    assert fit.training_scores[-1] == fit.validation_scores[-1] - 1000


@engines
def test_its_score_stops_the_training_and_the_best_net_comes_back(engine: Engine) -> None:
    settings = {"scorer": minus_squares, "max_iter": 50, "n_iter_no_change": 3}
    own = Validation(X[KEPT], Y[KEPT])
    (fit,) = train(engine, member(**settings), validation=own)
    (first,) = train(engine, member(max_iter=1))
    assert fit.stop is Stop.CONVERGED
    assert fit.n_iter == 5
    assert np.array_equal(fit.parameters, first.parameters)
    assert fit.progress.best_score == fit.validation_scores[0]
    assert "Validation score" in fit.message


@engines
def test_what_a_scorer_raises_comes_through(engine: Engine) -> None:
    def scorer(parameters: Any, *, training: bool) -> float:
        raise LookupError("no such score")

    with pytest.raises(LookupError, match="no such score"):
        train(engine, member(scorer=scorer), validation=Validation(X[KEPT], Y[KEPT]))


class Listener:
    """Hears the parameters after each epoch."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, int, Any]] = []

    def epoch_ends(self, member: int, epoch: int, loss: float, score: float | None) -> None: ...
    def says(self, member: int, message: str) -> None: ...

    def parameters_after(self, member: int, epoch: int, parameters: Any) -> None:
        self.heard.append((member, epoch, parameters))


@solvers
@engines
def test_a_monitor_may_have_the_parameters(engine: Engine, solver: Any) -> None:
    listener = Listener()
    fits = train(engine, member(solver), member(solver, max_iter=3), monitor=listener)
    of_first = [parameters for who, _, parameters in listener.heard if who == 0]
    assert len(of_first) == 5
    assert np.array_equal(of_first[-1], fits[0].parameters)
    assert np.array_equal(of_first[2], fits[1].parameters)
    assert not np.array_equal(of_first[0], of_first[1])
    assert of_first[0].dtype == np.float64


@pytest.mark.parametrize(("old", "new"), [(Sgd(0.1), Adam(0.01)), (Adam(0.01), Sgd(0.1))])
@engines
def test_another_solvers_memory_is_dropped(engine: Engine, old: Any, new: Any) -> None:
    (begun,) = train(engine, member(old))
    start = replace(member(new), start=begun.parameters)
    (fresh,) = train(engine, start)
    again = replace(start, random_state=np.random.RandomState(0))
    (other,) = train(engine, replace(again, optimizer_state=begun.optimizer_state))
    assert np.array_equal(fresh.parameters, other.parameters)
    assert type(other.optimizer_state) is not type(begun.optimizer_state)

"""The pieces of work that both sides do, and what is asked of the faster one."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from sklearn.datasets import load_breast_cancer, load_digits, load_iris
from sklearn.linear_model import LogisticRegression as ScikitLogistic
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neural_network import MLPClassifier as ScikitMLP

from data import Rows, images, mnist, sparse
from glassnet import LogisticRegression, MLPClassifier

THE_NET = {
    "hidden_layer_sizes": (40,),
    "activation": "logistic",
    "solver": "sgd",
    "learning_rate_init": 1.0,
    "tol": 0.0,  # so that both sides run all epochs
    "n_iter_no_change": 1000,
    "max_iter": 200,
}
RESTARTS = 32


@dataclass(frozen=True)
class Case:
    """One piece of work, done by both sides.

    Attributes
    ----------
    name : str
        What is done.
    goal : float
        How many times sooner glassnet shall be done.
    theirs, ours : callable
        Do the work once, and return what came of it.
    agree : callable
        Say how well the two results agree.
    repeats : int
        Times that a run does the work, where it takes too little time to be measured once.
    most_rounds : int or None
        Most rounds, where one takes long.
    """

    name: str
    goal: float
    theirs: Callable[[], Any]
    ours: Callable[[], Any]
    agree: Callable[[Any, Any], str]
    repeats: int = 1
    most_rounds: int | None = None


def cases(folder: pathlib.Path) -> Iterator[Callable[[], Case]]:
    """Return the cases, each made when it is called, so that one's rows are gone with it."""
    digits, iris, cancer = (
        Rows(*load(return_X_y=True), name)
        for load, name in (
            (load_digits, "digits"),
            (load_iris, "iris"),
            (load_breast_cancer, "breast cancer"),
        )
    )
    long = {"max_iter": 100, "n_iter_no_change": 100}
    yield lambda: nets("400-40-10, sgd, 200 epochs", 9, images(folder), **THE_NET)
    yield lambda: nets("default, 100 epochs", 9, digits, **long)
    yield lambda: nets("default", 15, iris, repeats=20)
    yield lambda: nets(
        "(20,), sgd", 15, cancer, repeats=100, hidden_layer_sizes=(20,), solver="sgd"
    )
    yield lambda: nets("lbfgs", 4, digits, solver="lbfgs")
    yield lambda: nets("(100,), adam, 3 epochs", 4, mnist(folder), max_iter=3)
    yield lambda: nets(
        "(512, 512), adam, 1 epoch", 1.8, mnist(folder), max_iter=1, hidden_layer_sizes=(512, 512)
    )
    yield lambda: nets("(100,), adam, 2 epochs", 8, sparse(), max_iter=2)
    yield lambda: one_vs_rest("liblinear", 8, images(folder))
    yield lambda: one_vs_rest("sag", 100, images(folder), max_iter=200, most_rounds=1)
    yield lambda: multinomial(images(folder))
    yield lambda: restarts(images(folder))
    yield lambda: predictions(images(folder), 5000, 3, repeats=50)
    yield lambda: predictions(images(folder), 1, 2, repeats=1000)
    yield lambda: imports("import glassnet")
    yield lambda: imports("from glassnet import MLPClassifier")


def nets(
    what: str,
    goal: float,
    rows: Rows,
    *,
    repeats: int = 1,
    most_rounds: int | None = None,
    **parameters: Any,
) -> Case:
    """Return a case that fits the same net on both sides."""

    def fit(make: Callable[..., Any]) -> Callable[[], Any]:
        return lambda: make(random_state=0, **parameters).fit(rows.X, rows.y)

    def agree(theirs: Any, ours: Any) -> str:
        return f"loss {theirs.loss_:.5f} / {ours.loss_:.5f}, {theirs.n_iter_}/{ours.n_iter_} epochs"

    return Case(
        f"{rows.name}, {what}",
        goal,
        fit(ScikitMLP),
        fit(MLPClassifier),
        agree,
        repeats,
        most_rounds,
    )


def one_vs_rest(
    solver: str, goal: float, rows: Rows, max_iter: int = 100, most_rounds: int | None = None
) -> Case:
    """Return the case of ten logistic regressions on the same rows, by a solver of theirs."""
    settings = {"solver": solver, "max_iter": max_iter}
    penalizes_intercept = solver == "liblinear"

    def theirs() -> Any:
        return OneVsRestClassifier(ScikitLogistic(**settings)).fit(rows.X, rows.y)

    def ours() -> Any:
        return LogisticRegression(multi_class="ovr", **settings).fit(rows.X, rows.y)

    def agree(theirs: Any, ours: Any) -> str:
        coefs = [np.r_[each.coef_[0], each.intercept_[0]] for each in theirs.estimators_]
        mine = np.column_stack([ours.coef_, ours.intercept_])
        norms = [
            gradient_norm(rows, ours.classes_, W, penalizes_intercept)
            for W in (np.array(coefs), mine)
        ]
        return f"largest gradient norm {norms[0]:.2g} / {norms[1]:.2g}"

    name = f"{rows.name}, one-vs-rest, {solver}"
    return Case(name, goal, theirs, ours, agree, most_rounds=most_rounds)


def gradient_norm(
    rows: Rows, classes: np.ndarray, W: np.ndarray, penalizes_intercept: bool
) -> float:
    """Return the largest gradient norm of the one-vs-rest problems (C = 1) at W (k, d + 1)."""
    X = np.column_stack([rows.X, np.ones(len(rows.X))])
    errors = 1 / (1 + np.exp(-X @ W.T)) - (rows.y[:, np.newaxis] == classes)
    penalized = W.copy()
    if not penalizes_intercept:
        penalized[:, -1] = 0
    return float(np.linalg.norm(penalized.T + X.T @ errors, axis=0).max())


def multinomial(rows: Rows) -> Case:
    """Return the case of one multinomial logistic regression."""

    def fit(make: Callable[..., Any]) -> Callable[[], Any]:
        return lambda: make(max_iter=1000).fit(rows.X, rows.y)

    def loss(model: Any) -> float:
        p = model.predict_proba(rows.X)[
            np.arange(len(rows.y)), np.searchsorted(model.classes_, rows.y)
        ]
        return float(0.5 * (model.coef_**2).sum() - np.log(p).sum())

    def agree(theirs: Any, ours: Any) -> str:
        return f"objective {loss(theirs):.4f} / {loss(ours):.4f}"

    return Case(
        f"{rows.name}, multinomial, lbfgs", 10, fit(ScikitLogistic), fit(LogisticRegression), agree
    )


def restarts(rows: Rows) -> Case:
    """Return the case of many random starts, theirs by joblib on two processes."""
    net = THE_NET | {"max_iter": 20}
    seeds = range(RESTARTS)

    def one(seed: int) -> Any:
        return ScikitMLP(random_state=seed, **net).fit(rows.X, rows.y)

    def theirs() -> Any:
        return min(Parallel(n_jobs=2)(delayed(one)(seed) for seed in seeds), key=lambda n: n.loss_)

    def ours() -> Any:
        return MLPClassifier(random_state=0, n_restarts=RESTARTS, **net).fit(rows.X, rows.y)

    def agree(theirs: Any, ours: Any) -> str:
        return f"best loss {theirs.loss_:.4f} / {ours.loss_:.4f}"

    name = f"{rows.name}, {RESTARTS} restarts, 20 epochs each"
    return Case(name, 9, theirs, ours, agree, most_rounds=2)


def predictions(rows: Rows, n: int, goal: float, repeats: int) -> Case:
    """Return the case of the probabilities of n rows."""
    few = THE_NET | {"max_iter": 3}
    theirs, ours = (
        make(random_state=0, **few).fit(rows.X, rows.y) for make in (ScikitMLP, MLPClassifier)
    )
    X = rows.X[:n]

    def agree(theirs: Any, ours: Any) -> str:
        return f"largest difference {np.abs(theirs - ours).max():.1g}"

    return Case(
        f"predict_proba, {n} row{'s' if n > 1 else ''} of 400",
        goal,
        lambda: theirs.predict_proba(X),
        lambda: ours.predict_proba(X),
        agree,
        repeats,
    )


def imports(line: str) -> Case:
    """Return the case of a fresh interpreter that imports one side, byte code cached."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

    def load(line: str) -> Callable[[], Any]:
        return lambda: subprocess.run([sys.executable, "-c", line], check=True, env=environment)

    theirs = "import sklearn.neural_network"
    return Case(line, 1, load(theirs), load(line), lambda *_: f"against {theirs}")

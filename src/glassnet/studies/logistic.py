"""The study's first model: one-vs-rest logistic regression, and a second solver as a check."""

from __future__ import annotations

import time
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning

from glassnet.estimators import LogisticRegression
from glassnet.model import Member, Network, Population
from glassnet.studies.result import CrossCheck
from glassnet.training import Lbfgs, Stop, choose_engine

# All classes share one run, so the gradient that L-BFGS stops at is that of their sum over n.
TOLERANCE = 1e-6
MAX_ITER = 500


def fit_logistic(X: NDArray[Any], y: NDArray[Any], C: float) -> tuple[LogisticRegression, float]:
    """Fit a one-vs-rest logistic regression; return it with its seconds."""
    model = LogisticRegression(C=C, multi_class="ovr", solver="lbfgs")
    start = time.perf_counter()
    with warnings.catch_warnings():  # the certificate says how far it came
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(X, y)
    return model, time.perf_counter() - start


def cross_check(
    model: LogisticRegression, X: NDArray[Any], y: NDArray[Any], X_holdout: NDArray[Any]
) -> CrossCheck:
    """Solve the logistic regression's problem again by L-BFGS and compare.

    A net without a hidden layer and with one sigmoid output a class has, as its loss, the sum
    of the one-vs-rest losses over n; its optimum is theirs. L-BFGS shares no line of code with
    the Newton solver but the arithmetic of NumPy, so that both agree only if both are right.
    """
    targets = (y[:, np.newaxis] == model.classes_).astype(np.float64)
    if len(model.classes_) == 2:
        targets = targets[:, 1:]
    network = Network((X.shape[1], targets.shape[1]), output="logistic")
    member = Member(
        solver=Lbfgs(ftol=1e-11),
        random_state=np.random.RandomState(0),
        alpha=1.0 / model.C,
        max_iter=MAX_ITER,
        tol=TOLERANCE,
        start=np.zeros(network.n_parameters),
    )
    start = time.perf_counter()
    result = choose_engine().train(
        Population(network, (member,)), X, targets, dtype=np.dtype(np.float64)
    )
    seconds = time.perf_counter() - start
    fit = result.fits[0]
    coef, intercept = network.coefs(fit.parameters)[0], network.intercepts(fit.parameters)[0]

    def differing(rows: NDArray[Any]) -> int:
        scores = rows @ coef + intercept
        chosen = scores.argmax(axis=1) if scores.shape[1] > 1 else (scores[:, 0] > 0).astype(int)
        return int(np.sum(model.classes_[chosen] != model.predict(rows)))

    train, holdout = differing(X), differing(X_holdout)
    largest = float(np.abs(coef.T - model.coef_).max())
    return CrossCheck(
        solver="L-BFGS",
        seconds=seconds,
        converged=fit.stop is Stop.CONVERGED,
        differing_train=train,
        differing_holdout=holdout,
        largest_coef_difference=largest,
        sentence=_sentence(train, holdout, len(X), len(X_holdout), largest),
    )


def _sentence(train: int, holdout: int, n_train: int, n_holdout: int, largest: float) -> str:
    differing, n = train + holdout, n_train + n_holdout
    if differing == 0:
        return (
            f"A second solver, L-BFGS, agrees on the label of every one of the {n} rows "
            f"(largest difference of a coef {largest:.1g}): the limits are the model's, "
            "not the solver's."
        )
    return (
        f"A second solver, L-BFGS, gives {differing} of the {n} rows another label "
        f"({train} training, {holdout} held-out; largest difference of a coef {largest:.1g})."
    )

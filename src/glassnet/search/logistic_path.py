"""Logistic regressions of all folds along a path of C, each started where it was before.

Shapes: n rows, d features, f folds, c values of C, k classes; q outputs are k, or 1 for two
classes; a problem is an output (one-vs-rest) or all of them together (multinomial).
"""

from __future__ import annotations

__all__ = ["Path", "Problems", "follow", "follow_all"]

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from joblib import Parallel, cpu_count, delayed, effective_n_jobs
from numpy.typing import NDArray

from glassnet.model import Member, Network, Population
from glassnet.training import Fit, Newton, Stop, choose_engine

# Bytes that the members of one population may take to train, beside the rows.
MOST_BYTES = 2**28
# About so many float64 of each row and output: scores, probabilities, curvature, their changes.
_KEPT_A_ROW = 8
# More parameters an output than this are not preconditioned by a matrix.
_LARGEST_MATRIX = 1000


@dataclass(frozen=True, eq=False)
class Problems:
    """What is minimised on every fold, for every C.

    Attributes
    ----------
    X : ndarray or CSR matrix of shape (n, d)
        The rows, float64.
    Y : ndarray of shape (n, q)
        Targets of 0 and 1.
    weights : list of ndarray of shape (n,)
        The row weights of each problem.
    Cs : ndarray of shape (c,)
        The values of C, in any order.
    solver : Newton
        What the intercept is.
    tol : float
        Where a member stops; see `Newton`.
    max_iter : int
        Most iterations of each member for each C.
    warm : bool, default=True
        Whether each member starts from its own solution of the C before.
    """

    X: Any
    Y: NDArray[np.float64]
    weights: list[NDArray[np.float64]]
    Cs: NDArray[np.float64]
    solver: Newton
    tol: float
    max_iter: int
    warm: bool = True

    @cached_property
    def multinomial(self) -> bool:
        """Whether all outputs are one problem, of a softmax."""
        return len(self.weights) < self.Y.shape[1]

    @cached_property
    def network(self) -> Network:
        """The net without hidden layer that a member trains."""
        outputs = self.Y.shape[1] if self.multinomial else 1
        return Network(
            (self.X.shape[1], outputs), output="softmax" if self.multinomial else "logistic"
        )

    @cached_property
    def bytes_a_fold(self) -> int:
        """About the memory that the members of one fold take, beside the rows."""
        n, q = self.Y.shape
        p = self.X.shape[1] + self.solver.fit_intercept
        return 8 * q * (_KEPT_A_ROW * n + (p * p if p <= _LARGEST_MATRIX else 8 * p))


@dataclass(frozen=True, eq=False)
class Path:
    """The solutions of some folds.

    Attributes
    ----------
    coefs : ndarray of shape (f, c, q, d + 1)
        Coefs, and the intercept last (0 where there is none).
    n_iter : ndarray of int of shape (len(problems), f, c)
        Iterations.
    failures : list of tuple (float, Fit)
        What did not converge, with its C.
    """

    coefs: NDArray[np.float64]
    n_iter: NDArray[np.int32]
    failures: list[tuple[float, Fit]]


def follow(
    problems: Problems,
    folds: Sequence[NDArray[np.intp]],
    n_threads: int | None = None,
    *,
    verbose: bool = False,
) -> Path:
    """Solve the problems of some folds for every C, the smallest first.

    All folds and problems of one C are one population. A stronger penalty is an easier problem, so
    the path begins there; each member then starts at its own solution of the C before, since the
    optimum is a continuous function of C.

    Parameters
    ----------
    problems : Problems
        What is minimised.
    folds : sequence of ndarray of int
        The rows that each fold trains on; a row named twice counts twice.
    n_threads : int or None, default=None
        Threads to use; None for the cores that this process may use.
    verbose : bool, default=False
        Whether to print a line for each C.

    Raises
    ------
    KeyboardInterrupt
        If somebody stops the training.
    """
    q = problems.Y.shape[1]
    shape = len(folds), len(problems.Cs), q, problems.X.shape[1] + 1
    coefs = np.empty(shape)
    n_problems = len(problems.weights)
    n_iter = np.empty((n_problems, *shape[:2]), dtype=np.int32)
    failures: list[tuple[float, Fit]] = []
    engine = choose_engine(n_threads)
    members = _members(problems, folds)
    for i in np.argsort(problems.Cs, kind="stable"):
        C = float(problems.Cs[i])
        here = tuple(replace(member, alpha=1 / C) for member in members)
        fits = engine.train(
            Population(problems.network, here),
            problems.X,
            problems.Y,
            dtype=np.dtype(np.float64),
        ).fits
        if any(fit.stop is Stop.INTERRUPTED for fit in fits):
            raise KeyboardInterrupt
        coefs[:, i] = _rows_of_coefs(problems, np.stack([fit.parameters for fit in fits]), shape)
        n_iter[:, :, i] = np.reshape([fit.n_iter for fit in fits], (len(folds), n_problems)).T
        failures += [(C, fit) for fit in fits if fit.stop is not Stop.CONVERGED]
        if problems.warm:
            members = [_started(*pair) for pair in zip(members, fits, strict=True)]
        if verbose:
            print(f"C={C:g}: {n_iter[:, :, i].sum()} iterations of {len(fits)} problems")
    return Path(coefs, n_iter, failures)


def follow_all(
    problems: Problems,
    folds: Sequence[NDArray[np.intp]],
    *,
    n_jobs: int | None = None,
    n_threads: int | None = None,
    verbose: bool = False,
) -> Path:
    """Solve the problems of all folds, as many folds at once as jobs and memory allow.

    Which folds are solved together changes nothing in any of them.
    """
    jobs = min(effective_n_jobs(n_jobs), len(folds))
    if jobs > 1 and n_threads is None:
        n_threads = max(1, cpu_count() // jobs)
    most = max(1, min(MOST_BYTES // problems.bytes_a_fold, -(-len(folds) // jobs)))
    chunks = [folds[i : i + most] for i in range(0, len(folds), most)]
    work = (delayed(follow)(problems, chunk, n_threads, verbose=verbose) for chunk in chunks)
    paths = list(Parallel(n_jobs=n_jobs if jobs > 1 else 1)(work))
    return Path(
        np.concatenate([path.coefs for path in paths]),
        np.concatenate([path.n_iter for path in paths], axis=1),
        [failure for path in paths for failure in path.failures],
    )


def _members(problems: Problems, folds: Sequence[NDArray[np.intp]]) -> list[Member]:
    """Return a member for each fold and, within it, for each problem."""
    n = len(problems.Y)
    nothing_drawn = np.random.RandomState(0)
    # As in scikit-learn, zeros are what max_iter=0 leaves.
    start = None if problems.max_iter else np.zeros(problems.network.n_parameters)
    return [
        Member(
            solver=problems.solver,
            random_state=nothing_drawn,
            max_iter=problems.max_iter,
            tol=problems.tol,
            row_weights=np.bincount(rows, minlength=n) * weights,
            target=None if problems.multinomial else c,
            start=start,
        )
        for rows in folds
        for c, weights in enumerate(problems.weights)
    ]


def _started(member: Member, fit: Fit) -> Member:
    """Return a member that goes on where it ended, unless that is nowhere."""
    return replace(member, start=fit.parameters if np.isfinite(fit.parameters).all() else None)


def _rows_of_coefs(
    problems: Problems, parameters: NDArray[np.float64], shape: tuple[int, ...]
) -> NDArray[np.float64]:
    """Return coefs and intercepts (f, q, d + 1) of members' parameters (f * problems, p)."""
    f, _, q, p = shape
    if not problems.multinomial:
        return parameters.reshape(f, q, p)
    network = problems.network
    return np.stack(
        [np.vstack([network.coefs(own)[0], network.intercepts(own)[0]]).T for own in parameters]
    )

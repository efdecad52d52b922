"""Products with the rows of a linear model in the core, for many who need one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, final

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from glassnet import _core
from glassnet.training.native.rows import rows_of
from glassnet.training.newton_tasks import Look, System
from glassnet.training.products import Task, solve_by_products
from glassnet.training.workers import Workers

_WORTH_THREADS = 2**16  # elements of X; with fewer, meeting costs more than it saves
_PIECE = 2**13  # scores of a response: with what is computed of them they stay in the cache


@final
class NativeProducts:
    """Products in the core: the tasks' outputs stand side by side, and X is read once for all.

    Of sparse rows there is a copy by columns, so that both products are sums over what one
    thread owns (8000x20000, 0.4 % full, one output: 7 times sooner than sorting by columns anew
    for each product).

    Parameters
    ----------
    X : ndarray or CSR matrix of shape (n, d)
        The rows, float64 or float32.
    intercept : bool
        Whether a column of ones is appended.
    n_threads : int
        Threads to use.
    """

    def __init__(self, X: Any, intercept: bool, n_threads: int) -> None:
        self._n, self._dtype = X.shape[0], X.dtype
        self._intercept = intercept
        self._n_threads = n_threads if np.prod(X.shape) >= _WORTH_THREADS else 1
        self._rows = rows_of(X, X.dtype, self._n_threads)
        self._columns = None
        if sp.issparse(X):
            ones = sp.csr_array(np.ones((1, self._n), X.dtype))
            columns = X.T.tocsr()
            by_column = sp.vstack([columns, ones], format="csr") if intercept else columns
            self._columns = rows_of(by_column, X.dtype, self._n_threads)
        self._products: dict[tuple[int, int], Any] = {}

    def serve(self, tasks: Sequence[Task], workers: Workers) -> None:
        """Multiply for all; see `Products.serve`."""
        looks = [task for task in tasks if isinstance(task, Look) and task.V is not None]
        if self._columns is not None:
            looks = []
        elif looks and looks[0].problem.loss.is_joint:
            for look in looks:
                self._look([look], joint=True)
        elif looks:
            self._look(looks, joint=False)
        others = [task for task in tasks if task not in looks]
        if others:
            self._respond(others, workers)

    def _look(self, looks: Sequence[Look], *, joint: bool) -> None:
        """Let all see in the core, in one reading of X."""
        V = _side_by_side([look.V for look in looks])
        total, losses = self._of(V.shape[1]).look(
            V,
            [look.known for look in looks],
            [look.problem.Y for look in looks],
            [look.problem.s for look in looks],
            [look.Z for look in looks],
            [look.P for look in looks],
            joint,
            self._n_threads,
        )
        for look, sum_of_losses in zip(looks, losses, strict=True):
            look.has_seen(sum_of_losses)
        _hand_out(looks, total)

    def solve(self, systems: Sequence[System], workers: Workers) -> None:
        """Solve systems in the core, those of sigmoids all at once; see `Products.solve`."""
        if self._columns is not None:
            solve_by_products(self, systems, workers)
        elif systems[0].curvature.kind == "diagonal":
            self._solve(systems)
        else:
            for system in systems:
                self._solve([system])

    def _solve(self, systems: Sequence[System]) -> None:
        curvature = systems[0].curvature
        rhs = _side_by_side([system.rhs for system in systems])
        found, iterations = self._of(rhs.shape[1]).solve(
            _side_by_side([system.curvature.values for system in systems]),
            curvature.kind,
            None if curvature.weights is None else curvature.weights.astype(np.float64),
            _side_by_side([np.broadcast_to(s.penalty, s.rhs.shape) for s in systems]),
            rhs,
            [s.preconditioner.of_output(c) for s in systems for c in range(s.rhs.shape[1])],
            [system.tolerance for system in systems],
            systems[0].limit,
            self._n_threads,
        )
        first = 0
        for system, count in zip(systems, iterations, strict=True):
            q = system.rhs.shape[1]
            system.solution, system.iterations = found[:, first : first + q], count
            first += q

    def _of(self, q: int, rows: _core.Rows | None = None) -> Any:
        """Return the core's products for q outputs, with X or with other rows."""
        rows = self._rows if rows is None else rows
        if (id(rows), q) not in self._products:
            single = self._dtype == np.float32
            make = _core.LinearProductsSingle if single else _core.LinearProductsDouble
            self._products[id(rows), q] = make(rows, q)
        return self._products[id(rows), q]

    def _adjoint(self, R: NDArray[Any]) -> NDArray[Any]:
        """Return X' R (p, q)."""
        q, n_threads = R.shape[1], self._n_threads
        total: NDArray[Any]
        if self._columns is None:
            total = self._of(q).adjoint(R, self._intercept, n_threads)
        else:
            total = self._of(q, self._columns).scores(R, n_threads)
        return total

    def _pieces(self, q: int) -> list[slice]:
        """Cut the rows of q scores each into pieces."""
        step = max(1, _PIECE // q)
        return [slice(first, min(first + step, self._n)) for first in range(0, self._n, step)]

    def _respond(self, tasks: Sequence[Task], workers: Workers) -> None:
        """Multiply, let the tasks respond piece by piece of rows, and multiply back."""
        columns = np.cumsum([0, *(task.shape[1] for task in tasks)])
        spans = [slice(a, b) for a, b in pairwise(columns)]
        asking = [task for task in tasks if task.V is not None]
        U: dict[int, NDArray[Any]] = {}
        if asking:
            V = _side_by_side([task.V for task in asking])
            Z = self._of(V.shape[1]).scores(V, self._n_threads)
            first = 0
            for task in asking:
                U[id(task)] = Z[:, first : first + task.shape[1]]
                first += task.shape[1]
        R = np.empty((self._n, columns[-1]), self._dtype)

        def respond(job: tuple[Task, slice, slice]) -> None:
            task, span, rows = job
            known = U.get(id(task))
            R[rows, span] = task.respond(rows, None if known is None else known[rows])

        jobs = [
            (task, span, rows)
            for task, span in zip(tasks, spans, strict=True)
            for rows in self._pieces(task.shape[1])
        ]
        workers.run(respond, jobs)
        _hand_out(tasks, self._adjoint(R))


def _side_by_side(parts: Sequence[NDArray[Any] | None]) -> NDArray[Any]:
    known = [part for part in parts if part is not None]
    return np.ascontiguousarray(known[0] if len(known) == 1 else np.concatenate(known, axis=1))


def _hand_out(tasks: Sequence[Task], total: NDArray[Any]) -> None:
    """Give each task its columns."""
    first = 0
    for task in tasks:
        q = task.shape[1]
        task.finish(np.ascontiguousarray(total[:, first : first + q]))
        first += q

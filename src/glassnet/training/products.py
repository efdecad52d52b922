"""Products with the rows of a linear model, for many who need one at the same time."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any, NamedTuple, Protocol, final

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from glassnet.training.workers import Workers

_BLOCK_BYTES = 2**21  # a share of the cache that common cores have each, and few enough calls
_MOST_CHUNKS = 16


class Task(Protocol):
    """Somebody who needs products with the design: ``design' respond(design V)``.

    Attributes
    ----------
    shape : tuple of int
        Shape (p, q) of the sum.
    V : ndarray of shape (p, q) or None
        What the design is multiplied with; None where the response needs no product.
    """

    shape: tuple[int, ...]

    @property
    def V(self) -> NDArray[Any] | None:
        """What the design is multiplied with."""

    def respond(self, rows: slice, U: NDArray[Any] | None) -> NDArray[Any]:
        """Return what to multiply some rows' transpose with, given U (b, q), theirs of X V."""
        ...

    def finish(self, total: NDArray[Any]) -> None:
        """Receive the sum over all blocks."""
        ...


class Unsolved(Protocol):
    """Somebody who finds a solution by one product after another."""

    def run(self) -> Generator[Task, None, None]:
        """Go on whenever the task last yielded is finished."""
        ...


class Products(Protocol):
    """Serves tasks, reading X once for all of them."""

    def serve(self, tasks: Sequence[Task], workers: Workers) -> None:
        """Let every task respond, and finish it with its sum.

        A task's sum depends on nothing but its own numbers.
        """
        ...

    def solve(self, systems: Sequence[Any], workers: Workers) -> None:
        """Solve linear systems, each as if it were alone; see `newton_tasks.System`."""
        ...


def solve_by_products(products: Products, systems: Sequence[Unsolved], workers: Workers) -> None:
    """Let systems take their steps together, so that X is read once a step."""
    runs = [system.run() for system in systems]
    while runs:
        waiting = [(run, task) for run in runs if (task := next(run, None)) is not None]
        if waiting:
            products.serve([task for _, task in waiting], workers)
        runs = [run for run, _ in waiting]


# Given X (n, d) and whether a column of ones is appended.
MakeProducts = Callable[[Any, bool], Products]


class Block(NamedTuple):
    """Some consecutive rows."""

    X: Any  # (b, d), dense or CSR
    transposed: Any  # (d, b), the same memory
    rows: slice


@final
class BlockProducts:
    """Products by NumPy and SciPy, block by block of rows."""

    def __init__(self, X: Any, intercept: bool) -> None:
        n, self._d = X.shape
        self._intercept, self._dtype = intercept, X.dtype
        row_bytes = (X.nnz * 12 // max(n, 1) if sp.issparse(X) else X.itemsize * X.shape[1]) + 1
        step = max(32, _BLOCK_BYTES // row_bytes)
        self._blocks = []
        for first in range(0, n, step):
            rows = slice(first, min(first + step, n))
            self._blocks.append(Block(X[rows], X[rows].T, rows))

    def serve(self, tasks: Sequence[Task], workers: Workers) -> None:
        """Show all blocks to all tasks.

        X is read from memory once for all of them: every task has its turn while a block is in
        the cache. Chunks of blocks are spread over the workers; each task's sum is the sum over
        the chunks, in their order.
        """
        # Not more chunks than the tasks' sums have room for; it is the same for every task.
        largest = int(np.prod(tasks[0].shape))
        n_chunks = min(int(np.clip(2**20 // largest, 2, _MOST_CHUNKS)), len(self._blocks))
        totals = [np.zeros((n_chunks, *task.shape), self._dtype) for task in tasks]

        def visit(chunk: int) -> None:
            for block in self._blocks[chunk::n_chunks]:
                for task, total in zip(tasks, totals, strict=True):
                    U = None if task.V is None else self._forward(block, task.V)
                    self._add_adjoint(block, task.respond(block.rows, U), total[chunk])

        workers.run(visit, range(n_chunks))
        for task, total in zip(tasks, totals, strict=True):
            task.finish(total.sum(axis=0))

    def solve(self, systems: Sequence[Unsolved], workers: Workers) -> None:
        """Solve them by products; see `Products.solve`."""
        solve_by_products(self, systems, workers)

    def _forward(self, block: Block, theta: NDArray[Any]) -> NDArray[Any]:
        """Return the scores (b, q) of a block's rows for parameters theta (p, q)."""
        Z: NDArray[Any] = block.X @ theta[: self._d]
        if self._intercept:
            Z += theta[self._d]
        return Z

    def _add_adjoint(self, block: Block, R: NDArray[Any], total: NDArray[Any]) -> None:
        """Add the transposed block times R (b, q) to the total (p, q)."""
        total[: self._d] += block.transposed @ R
        if self._intercept:
            total[self._d] += np.add.reduce(R, axis=0)

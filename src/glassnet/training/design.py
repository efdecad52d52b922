"""The design matrix of a linear model, read block by block for all who need a product."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol, final

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from glassnet.training.workers import Workers

_BLOCK_BYTES = 2**21  # a share of the cache that common cores have each, and few enough calls
_MOST_CHUNKS = 16


class Block(NamedTuple):
    """Some consecutive rows."""

    X: Any  # (b, d), dense or CSR
    transposed: Any  # (d, b), the same memory
    rows: slice


class Task(Protocol):
    """Somebody who needs products with the design: ``design' f(design V)``.

    A task sees one block of rows after the other, and adds up what it needs of them.

    Attributes
    ----------
    shape : tuple of int
        Shape (p, q) of the sum.
    """

    shape: tuple[int, ...]

    def visit(self, design: Design, block: Block, total: NDArray[Any]) -> None:
        """Add the block's share to the total (p, q)."""
        ...

    def finish(self, total: NDArray[Any]) -> None:
        """Receive the sum over all blocks."""
        ...


@final
class Design:
    """Rows x_i (d,), with a constant 1 appended where the model has an intercept.

    A model's parameters are ``theta (p, q)``: one column an output, the coefs first, the
    intercept last; p is d + 1 with an intercept and d without. X may be sparse; it is never
    made dense.

    Attributes
    ----------
    intercept : bool
        Whether the constant column is there.
    dtype : dtype
        The precision of its products.
    scale : ndarray of shape (p, 1)
        This design's columns are the original ones divided by it: parameters that belong to
        this design, divided by `scale`, belong to the original.
    mean_square : ndarray of shape (p, 1)
        Mean square of each column of this design.
    """

    def __init__(
        self,
        X: Any,
        intercept: bool,
        scale: NDArray[Any] | None = None,
        mean_square: NDArray[Any] | None = None,
    ) -> None:
        n, self.n_features = X.shape
        self.intercept = intercept
        self.dtype: np.dtype[Any] = X.dtype
        self._X = X
        row_bytes = (X.nnz * 12 // max(n, 1) if sp.issparse(X) else X.itemsize * X.shape[1]) + 1
        step = max(32, _BLOCK_BYTES // row_bytes)
        self._blocks = []
        for first in range(0, n, step):
            rows = slice(first, min(first + step, n))
            self._blocks.append(Block(X[rows], X[rows].T, rows))
        self.mean_square = self._mean_square(X) if mean_square is None else mean_square
        self.scale = np.ones_like(self.mean_square) if scale is None else scale

    def _mean_square(self, X: Any) -> NDArray[Any]:
        mean_square = np.ones((self.n_features + self.intercept, 1))
        with np.errstate(over="ignore"):
            if sp.issparse(X):
                squares = np.asarray(X.multiply(X).sum(axis=0)).ravel()
            else:
                squares = np.einsum("ij,ij->j", X, X)
        mean_square[: self.n_features, 0] = squares / X.shape[0]
        return mean_square

    def scaled(self) -> Design:
        """Return the design in float32 with columns of mean square 1: half the memory to read.

        Columns of zeros, and those whose squares leave the range of float64, stay as they are.
        """
        usable = (self.mean_square > 0) & np.isfinite(self.mean_square)
        scale = np.sqrt(np.where(usable, self.mean_square, 1.0))
        factors = 1 / scale[: self.n_features, 0]
        with np.errstate(over="ignore"):
            if sp.issparse(self._X):
                X = sp.csr_array(self._X @ sp.diags_array(factors), dtype=np.float32)
            else:
                X = np.empty(self._X.shape, dtype=np.float32)
                np.multiply(self._X, factors, out=X, casting="same_kind")
        return Design(X, self.intercept, scale, np.where(usable, 1.0, self.mean_square))

    def forward(self, block: Block, theta: NDArray[Any]) -> NDArray[Any]:
        """Return the scores (b, q) of a block's rows for parameters theta (p, q)."""
        Z: NDArray[Any] = block.X @ theta[: self.n_features]
        if self.intercept:
            Z += theta[self.n_features]
        return Z

    def add_adjoint(self, block: Block, R: NDArray[Any], total: NDArray[Any]) -> None:
        """Add the transposed block times R (b, q) to the total (p, q)."""
        total[: self.n_features] += block.transposed @ R
        if self.intercept:
            total[self.n_features] += np.add.reduce(R, axis=0)

    def serve(self, tasks: Sequence[Task], workers: Workers) -> None:
        """Show all blocks to all tasks.

        X is read from memory once for all of them: every task has its turn while a block is in
        the cache. Chunks of blocks are spread over the workers; each task's sum is the sum over
        the chunks, in their order, so that it depends on nothing but its own numbers.
        """
        # Not more chunks than the tasks' sums have room for; it is the same for every task.
        largest = int(np.prod(tasks[0].shape))
        n_chunks = min(int(np.clip(2**20 // largest, 2, _MOST_CHUNKS)), len(self._blocks))
        totals = [np.zeros((n_chunks, *task.shape), self.dtype) for task in tasks]

        def visit(chunk: int) -> None:
            for block in self._blocks[chunk::n_chunks]:
                for task, total in zip(tasks, totals, strict=True):
                    task.visit(self, block, total[chunk])

        workers.run(visit, range(n_chunks))
        for task, total in zip(tasks, totals, strict=True):
            task.finish(total.sum(axis=0))

    def gram(self, weights: NDArray[Any], keep: float = 0.0) -> NDArray[Any]:
        """Return sum_i weights_i x_i x_i' (p, p), over the rows that weigh something.

        `weights` are (n,), in the design's precision; rows lighter than `keep` times the
        heaviest are left out.
        """
        rows = np.flatnonzero(weights > keep * weights.max(initial=0))
        roots = np.sqrt(weights[rows])[:, None]
        if sp.issparse(self._X):
            A = sp.csr_array(self._X[rows].multiply(roots))
            if self.intercept:
                A = sp.hstack([A, sp.csr_array(roots)], format="csr")
            gram: NDArray[Any] = (A.T @ A).toarray()
            return gram
        return self._dense_gram(roots, rows)

    def _dense_gram(self, roots: NDArray[Any], rows: NDArray[np.intp]) -> NDArray[Any]:
        """Sum over blocks of rows: the weighted rows stay in the cache, and memory small."""
        p, d = len(self.mean_square), self.n_features
        step = max(256, p // 2)
        gram = np.zeros((p, p), self.dtype)
        partial = np.empty_like(gram)
        block = np.empty((min(step, len(rows)), p), self.dtype)
        for first in range(0, len(rows), step):
            part = rows[first : first + step]
            weighted = block[: len(part)]
            weighted[:, :d] = self._X[part]
            weighted[:, d:] = 1
            weighted *= roots[first : first + step]
            gram += np.matmul(weighted.T, weighted, out=partial)
        return gram

"""Approximate inverses of the Hessian of a linear model, for conjugate gradients."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol, final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import get_blas_funcs, get_lapack_funcs

from glassnet.training.design import Design

# With more parameters an output than this, forming and factorising X'DX costs more than the
# conjugate-gradient iterations it saves.
LARGEST_CHOLESKY = 1000
# A Gram matrix is that of a sample of rows where there are more than this many, and more than
# this many a parameter. On 5000 rows of 400 features, ten classes, 1024 rows cost a fifth of all
# and 10 % more iterations.
_LEAST_SAMPLE = 1024
_SAMPLE_A_PARAMETER = 2


class Preconditioner(Protocol):
    """A symmetric positive definite matrix near the inverse of the Hessian."""

    def __call__(self, R: NDArray[Any]) -> NDArray[Any]:
        """Multiply it with R (p, q)."""
        ...

    def of_output(self, c: int) -> NDArray[Any]:
        """Return output c's: L' (p, p) of a Cholesky factor, or a diagonal (p,); in C order."""
        ...


def cholesky(gram: NDArray[Any], penalty: NDArray[Any]) -> NDArray[Any]:
    """Return the lower factor L (p, p), in Fortran order, of gram + penalty = L L'.

    Parameters
    ----------
    gram : ndarray of shape (p, p)
        X' D X, of which the upper triangle is read; overwritten.
    penalty : ndarray of shape (p, 1)
        What the penalty adds to the diagonal.

    Raises
    ------
    numpy.linalg.LinAlgError
        The matrix is not positive definite in this precision.
    """
    main = gram.ravel()[:: len(gram) + 1]
    main += penalty[:, 0]
    # Keeps a singular matrix (no penalty, columns that repeat) factorisable.
    main *= 1 + 100 * np.finfo(gram.dtype).eps
    main[main == 0] = 1
    (potrf,) = get_lapack_funcs(("potrf",), (gram,))
    # LAPACK reads columns: the transpose of a symmetric matrix is the matrix itself.
    factor, failed = potrf(gram.T, lower=1, clean=1, overwrite_a=1)
    if failed or not np.isfinite(factor).all():  # not every LAPACK notices
        raise np.linalg.LinAlgError("the matrix is not positive definite")
    lower: NDArray[Any] = factor
    return lower


@final
class CholeskyPreconditioner:
    """The inverse of the Hessian's block of each output, X' D_c X + penalty.

    The blocks between outputs (multinomial) are left out, which costs iterations, not accuracy.

    Parameters
    ----------
    factors : sequence of q ndarrays of shape (p, p)
        Each output's Cholesky factor.
    """

    def __init__(self, factors: Sequence[NDArray[Any]]) -> None:
        self._factors = factors
        # BLAS's two solutions for one right-hand side take a quarter of the time of LAPACK's
        # potrs, which is made for many: 0.023 against 0.09 ms for p = 401, float32.
        (self._trsv,) = get_blas_funcs(("trsv",), factors[:1])

    def __call__(self, R: NDArray[Any]) -> NDArray[Any]:
        """Solve with each output's factor."""
        solved = np.empty_like(R)
        for c, L in enumerate(self._factors):
            forward = self._trsv(L, R[:, c], lower=1)
            solved[:, c] = self._trsv(L, forward, lower=1, trans=1, overwrite_x=1)
        return solved

    def of_output(self, c: int) -> NDArray[Any]:
        """Return the transposed factor, whose rows are the factor's columns in memory."""
        transposed: NDArray[Any] = self._factors[c].T
        return transposed


@final
class DiagonalPreconditioner:
    """One over the Hessian's diagonal, taken as (sum of curvatures) x (column's mean square).

    Exact where curvature and column are uncorrelated; needs no pass over X.
    """

    def __init__(self, design: Design, diagonal: NDArray[Any], penalty: NDArray[Any]) -> None:
        main = design.mean_square * diagonal.sum(axis=0) + penalty
        main[main == 0] = 1
        self._inverse = (1 / main).astype(design.dtype)

    def __call__(self, R: NDArray[Any]) -> NDArray[Any]:
        """Multiply elementwise."""
        return R * self._inverse

    def of_output(self, c: int) -> NDArray[Any]:
        """Return the inverse of the diagonal."""
        return np.ascontiguousarray(self._inverse[:, c])


def sample(weights: NDArray[Any], n_parameters: int) -> tuple[NDArray[np.intp], NDArray[Any]]:
    """Return rows, and weights for them, whose Gram matrix is near that of all rows.

    In a well-fitted model most rows are certain of their class, have next to no curvature, and
    cost as much as the others. So rows are taken in proportion to their weight, at equal steps
    of the running sum; those heavier than a step keep their weight, the others weigh a step.

    Parameters
    ----------
    weights : ndarray of shape (n,)
        Weights of all rows, not negative.
    n_parameters : int
        Rows and columns of the Gram matrix.
    """
    most = max(_LEAST_SAMPLE, _SAMPLE_A_PARAMETER * n_parameters)
    there = np.flatnonzero(weights)
    if len(there) <= most:
        return there, weights[there]
    total = float(weights.sum(dtype=np.float64))
    running = np.minimum(weights, total / most).cumsum(dtype=np.float64)
    step = running[-1] / most
    if not np.isfinite(step):
        return there, weights[there]
    rows = np.searchsorted(running, (np.arange(most) + 0.5) * step)
    rows = rows[np.diff(rows, prepend=-1) > 0]
    return rows, np.maximum(weights[rows], step)


@final
class Preparation:
    """The making of a preconditioner: a job for each output, to be spread over threads.

    Attributes
    ----------
    made : Preconditioner
        Once it is finished: Cholesky's where that pays and works, else the diagonal one.
    """

    made: Preconditioner

    def __init__(
        self, design: Design, diagonal: NDArray[Any], penalty: NDArray[Any], *, all_rows: bool
    ) -> None:
        """Take the curvature (n, q) of each row and output, and the penalty (p, 1).

        `all_rows` is for where a sample of them has not been good enough.
        """
        self.design, self._diagonal, self._penalty = design, diagonal, penalty
        self._all_rows = all_rows
        self._factors: dict[int, NDArray[Any]] = {}

    @property
    def jobs(self) -> range:
        """The jobs."""
        pays = len(self._penalty) <= LARGEST_CHOLESKY
        return range(self._diagonal.shape[1] if pays else 0)

    def do(self, job: int) -> None:
        """Do one."""
        weights = self._diagonal[:, job]
        if self._all_rows:
            rows = np.flatnonzero(weights)
            chosen = rows, weights[rows]
        else:
            chosen = sample(weights, len(self._penalty))
        with suppress(np.linalg.LinAlgError):
            self._factors[job] = cholesky(self.design.gram(*chosen), self._penalty)

    def finish(self) -> None:
        """Put the jobs' results together."""
        q = self._diagonal.shape[1]
        self.made = (
            CholeskyPreconditioner([self._factors[c] for c in range(q)])
            if len(self._factors) == q
            else DiagonalPreconditioner(self.design, self._diagonal, self._penalty)
        )


@final
class ConstantFactors:
    """Cholesky preconditioners at constant models, where rows differ by their weights alone.

    So all outputs, and all members of the same weights, share one Gram matrix; and, as it need
    not be exact, the factors of all curvatures of the same power of two.
    """

    def __init__(self, design: Design, s: NDArray[Any]) -> None:
        """Take the rows and their weights (n,)."""
        self._design, self._s = design, s
        self._gram: NDArray[Any] | None = None
        self._factors: dict[tuple[float, bytes], NDArray[Any]] = {}

    def preconditioner(
        self, curvatures: NDArray[Any], penalty: NDArray[Any]
    ) -> Preconditioner | None:
        """Return the preconditioner, None where it does not work.

        Parameters
        ----------
        curvatures : ndarray of shape (q,)
            The curvature of a row of weight 1, for each output.
        penalty : ndarray of shape (p, 1)
            What the penalty adds to the Hessian's diagonal.
        """
        if self._gram is None:
            self._gram = self._design.gram(*sample(self._s, len(penalty)))
        with suppress(np.linalg.LinAlgError), np.errstate(divide="ignore"):
            rounded = np.exp2(np.round(np.log2(curvatures)))
            return CholeskyPreconditioner([self._factor(float(c), penalty) for c in rounded])
        return None

    def _factor(self, curvature: float, penalty: NDArray[Any]) -> NDArray[Any]:
        key = curvature, penalty.tobytes()
        if key not in self._factors:
            assert self._gram is not None
            gram = self._gram * self._gram.dtype.type(curvature)
            self._factors[key] = cholesky(gram, penalty)
        return self._factors[key]

"""Approximate inverses of the Hessian of a linear model, for conjugate gradients."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Protocol, final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import get_lapack_funcs

from glassnet.training.design import Design

# With more parameters an output than this, forming and factorising X'DX costs more than the
# conjugate-gradient iterations it saves.
LARGEST_CHOLESKY = 1000


class Preconditioner(Protocol):
    """A symmetric positive definite matrix near the inverse of the Hessian."""

    def __call__(self, R: NDArray[Any]) -> NDArray[Any]:
        """Multiply it with R (p, q)."""
        ...


@final
class CholeskyPreconditioner:
    """The Hessian's block of each output, X' D_c X + penalty, factorised by Cholesky.

    The blocks between outputs (multinomial) are left out, which costs iterations, not accuracy.

    Parameters
    ----------
    grams : list of q ndarrays of shape (p, p)
        X' D_c X for each output c; overwritten.
    penalty : ndarray of shape (p, 1)
        What the penalty adds to the diagonal.

    Raises
    ------
    numpy.linalg.LinAlgError
        A block is not positive definite in this precision.
    """

    def __init__(self, grams: list[NDArray[Any]], penalty: NDArray[Any]) -> None:
        self._factors = []
        for H in grams:
            main = H.ravel()[:: len(H) + 1]
            main += penalty[:, 0]
            # Keeps a singular block (no penalty, columns that repeat) factorisable.
            main *= 1 + 100 * np.finfo(H.dtype).eps
            main[main == 0] = 1
            # LAPACK reads columns: the transpose of the lower factor is an upper factor in place.
            factor = np.linalg.cholesky(H).T
            if not np.isfinite(factor).all():  # not every LAPACK notices
                raise np.linalg.LinAlgError("the matrix has elements that are not finite")
            self._factors.append(factor)
        (self._solve,) = get_lapack_funcs(("potrs",), self._factors[:1])

    def __call__(self, R: NDArray[Any]) -> NDArray[Any]:
        """Solve with each output's factor."""
        solved = np.empty_like(R)
        for c, factor in enumerate(self._factors):
            solved[:, c] = self._solve(factor, R[:, c])[0]
        return solved


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


def preconditioner(
    design: Design, diagonal: NDArray[Any], penalty: NDArray[Any], keep: float
) -> Preconditioner:
    """Return the Cholesky preconditioner where it pays and works, else the diagonal one.

    Parameters
    ----------
    design : Design
        The rows.
    diagonal : ndarray of shape (n, q)
        Curvature of each row and output.
    penalty : ndarray of shape (p, 1)
        What the penalty adds to the Hessian's diagonal.
    keep : float
        Rows of less curvature than this share of the largest are left out: in a well-fitted
        model most rows are certain of their class, have next to no curvature, and cost as much
        as the others.
    """
    if len(penalty) <= LARGEST_CHOLESKY:
        with suppress(np.linalg.LinAlgError):
            grams = [design.gram(weights, keep) for weights in diagonal.T]
            return CholeskyPreconditioner(grams, penalty)
    return DiagonalPreconditioner(design, diagonal, penalty)


def constant_preconditioner(
    gram: NDArray[Any], curvatures: NDArray[Any], penalty: NDArray[Any]
) -> Preconditioner | None:
    """Return the Cholesky preconditioner at a constant model, None where it does not work.

    There, every row's curvature is its weight times the same number, so that all outputs, and
    all members of the same weights, share one Gram matrix.

    Parameters
    ----------
    gram : ndarray of shape (p, p)
        X' diag(s) X.
    curvatures : ndarray of shape (q,)
        The curvature of a row of weight 1.
    penalty : ndarray of shape (p, 1)
        What the penalty adds to the Hessian's diagonal.
    """
    with suppress(np.linalg.LinAlgError):
        return CholeskyPreconditioner([gram * c for c in curvatures.astype(gram.dtype)], penalty)
    return None

"""What Newton's method asks of the rows: a look at a new point, a product with the Hessian.

Shapes: n rows, q outputs, theta (p, q), scores and probabilities (n, q), as in `Design`.
"""

from __future__ import annotations

import warnings
from functools import cached_property
from typing import Any, NamedTuple, final

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, LinAlgWarning, lstsq, solve

from glassnet.training.design import Block, Design
from glassnet.training.linear_loss import LinearLoss


class Problem(NamedTuple):
    """What a member minimises: sum_i s_i loss(x_i theta, y_i) + 1/2 sum_j penalty_j theta_j².

    Attributes
    ----------
    exact : Design
        The rows in float64.
    quick : Design
        The same in float32, scaled.
    loss : LinearLoss
        The loss.
    Y : ndarray of shape (n, q)
        Targets.
    s : ndarray of shape (n,)
        Weights of the rows.
    penalty : ndarray of shape (p, 1)
        Strength of the penalty.
    gram : ndarray of shape (p, p) or None
        X' diag(s) X of the quick design, where it pays to know it.
    """

    exact: Design
    quick: Design
    loss: LinearLoss
    Y: NDArray[Any]
    s: NDArray[Any]
    penalty: NDArray[Any]
    gram: NDArray[Any] | None

    def objective(self, theta: NDArray[Any], Z: NDArray[Any]) -> float:
        """Return the objective at theta, whose scores are Z."""
        penalty = 0.5 * float(np.vdot(self.penalty * theta, theta))
        return self.loss.value(Z, self.Y, self.s) + penalty


@final
class Look:
    """What there is to see at theta: scores, probabilities, objective, gradient.

    Attributes
    ----------
    theta : ndarray of shape (p, q)
        The point.
    Z, P : ndarray of shape (n, q)
        Scores and probabilities.
    change : ndarray of shape (n, q)
        How far the scores are from those of the point before.
    gradient : ndarray of shape (p, q)
        The gradient.
    """

    def __init__(
        self,
        problem: Problem,
        theta: NDArray[Any],
        *,
        before: Look | None = None,
        change: NDArray[Any] | None = None,
    ) -> None:
        self.problem = problem
        self.theta = theta
        self.shape = theta.shape
        self._before = before
        self._move = theta if before is None else theta - before.theta
        self._known = change
        self.change = np.empty_like(problem.Y) if change is None else change
        self.Z = np.empty_like(problem.Y)
        self.P = np.empty_like(problem.Y)
        self.gradient = np.zeros_like(theta)
        self.gradient_norm = np.nan

    def visit(self, design: Design, block: Block, total: NDArray[Any]) -> None:
        """Look from a block's rows; add their part of the gradient."""
        rows, problem = block.rows, self.problem
        if self._known is None:
            self.change[rows] = design.forward(block, self._move)
        Z = self.change[rows] if self._before is None else self._before.Z[rows] + self.change[rows]
        P = problem.loss.probabilities(Z)
        self.Z[rows], self.P[rows] = Z, P
        design.add_adjoint(block, (P - problem.Y[rows]) * problem.s[rows, None], total)

    def finish(self, total: NDArray[Any]) -> None:
        """Add the penalty's part."""
        pull = self.problem.penalty * self.theta
        self._before = None  # the chain of all points before would fill the memory
        self.gradient = total + pull
        self.gradient_norm = float(np.linalg.norm(self.gradient))

    @cached_property
    def objective(self) -> float:
        """The objective at theta."""
        return self.problem.objective(self.theta, self.Z)


@final
class HessianProduct:
    """The Hessian of the quick design times V (p, q)."""

    def __init__(
        self,
        loss: LinearLoss,
        curvature: NDArray[Any],
        penalty: NDArray[Any],
        V: NDArray[Any],
    ) -> None:
        self._loss, self._curvature, self._penalty, self._V = loss, curvature, penalty, V
        self.shape = V.shape
        self.product = V

    def visit(self, design: Design, block: Block, total: NDArray[Any]) -> None:
        """Add the block's part, X' (curvature (X V))."""
        U = design.forward(block, self._V)
        design.add_adjoint(block, self._loss.bend(self._curvature[block.rows], U), total)

    def finish(self, total: NDArray[Any]) -> None:
        """Add the penalty's part."""
        self.product = total + self._penalty * self._V


@final
class NewtonStep:
    """The exact solution x (p, q) of H x = -gradient, for a problem so small that H fits.

    Attributes
    ----------
    solution : ndarray of shape (p, q)
        The step; where H is singular, the shortest in the features' own units.
    """

    # Parameters, and elements of what a row adds to H, summed over the rows.
    MOST_PARAMETERS = 64
    MOST_ELEMENTS = 2**18

    def __init__(self, here: Look) -> None:
        self._here = here
        self._hessian = here.problem.loss.hessian(here.P, here.problem.s)
        self.shape = here.shape * 2
        self.solution = here.theta

    @classmethod
    def pays(cls, problem: Problem) -> bool:
        """Say whether H is small enough to be formed and solved."""
        (p, _), (n, q) = problem.penalty.shape, problem.Y.shape
        return p * q <= cls.MOST_PARAMETERS and n * p * q * q <= cls.MOST_ELEMENTS

    def visit(self, design: Design, block: Block, total: NDArray[Any]) -> None:
        """Add the block's part of H (p, q, p, q)."""
        A = block.X.toarray() if sp.issparse(block.X) else block.X
        if design.intercept:
            A = np.column_stack([A, np.ones(len(A))])
        parts = A[:, None, :, None] * self._hessian[block.rows, :, None, :]  # (b, q, p, q)
        total += np.tensordot(A, parts, axes=(0, 0))

    def finish(self, total: NDArray[Any]) -> None:
        """Add the penalty's part and solve."""
        p, q = self._here.shape
        H = total.reshape(p * q, p * q)
        diagonal = np.einsum("ii->i", H)
        diagonal += np.repeat(self._here.problem.penalty[:, 0], q)
        # In units in which each feature's curvature is 1, so that no feature is lost in rounding.
        scale = np.sqrt(diagonal.reshape(p, q).mean(axis=1))
        scale[scale == 0] = 1
        units = np.repeat(scale, q)
        H /= units
        H /= units[:, None]
        if q > 1:
            # The same change of all classes changes nothing, and the gradient has no such part:
            # any curvature in its direction makes H regular and leaves the solution as it is.
            H += np.kron(np.eye(p), np.full((q, q), 1 / q))
        rhs = -self._here.problem.loss.centred(self._here.gradient).ravel() / units
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", LinAlgWarning)
                x = solve(H, rhs, assume_a="pos", check_finite=False)
        except (LinAlgError, LinAlgWarning):
            x = lstsq(H, rhs, lapack_driver="gelsy", check_finite=False)[0]
        self.solution = (x / units).reshape(p, q)

"""What Newton's method asks of the rows: a look at a new point, a solution with the Hessian.

Shapes: n rows, q outputs, theta (p, q), scores and probabilities (n, q), as in `Design`.
"""

from __future__ import annotations

from collections.abc import Generator
from functools import cached_property
from typing import Any, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from glassnet.training.conjugate_gradient import conjugate_gradient
from glassnet.training.design import Design
from glassnet.training.linear_loss import Curvature, LinearLoss
from glassnet.training.preconditioner import ConstantFactors, Preconditioner


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
    shared : ConstantFactors or None
        Preconditioners at constant models, where it pays to have them.
    """

    exact: Design
    quick: Design
    loss: LinearLoss
    Y: NDArray[Any]
    s: NDArray[Any]
    penalty: NDArray[Any]
    shared: ConstantFactors | None

    def objective(self, theta: NDArray[Any], Z: NDArray[Any]) -> float:
        """Return the objective at theta, whose scores are Z."""
        return self.loss.evaluate(Z, self.Y, self.s)[1] + self.pull(theta)

    def pull(self, theta: NDArray[Any]) -> float:
        """Return the penalty's part of the objective."""
        return 0.5 * float(np.vdot(self.penalty * theta, theta))


@final
class Look:
    """What there is to see at theta: scores, probabilities, objective, gradient.

    Attributes
    ----------
    theta : ndarray of shape (p, q)
        The point.
    V : ndarray of shape (p, q) or None
        The way to it from the point before, whose product with the rows is asked for; None
        where `change` is known: how far the scores are from those of the point before.
    Z, P : ndarray of shape (n, q)
        Scores and probabilities.
    gradient : ndarray of shape (p, q)
        The gradient.
    rough : bool
        Whether the products with the rows are those of the quick design, in float32.
    """

    def __init__(
        self,
        problem: Problem,
        theta: NDArray[Any],
        *,
        before: Look | None = None,
        change: NDArray[Any] | None = None,
        rough: bool = False,
    ) -> None:
        self.problem = problem
        self.rough = rough
        self.design = problem.quick if rough else problem.exact
        self.theta = theta
        self.shape = theta.shape
        self._before = before
        # Exact scores are not a sum of what rough ones have come to and a change.
        self._anew = before is None or (before.rough and not rough)
        self.V: NDArray[Any] | None = None
        if change is None:
            move = theta if self._anew or before is None else theta - before.theta
            self.V = (move * self.design.scale).astype(self.design.dtype, copy=False)
        self._change = change
        self.Z = np.empty_like(problem.Y)
        self.P = np.empty_like(problem.Y)
        self._losses: dict[int, float] = {}
        self.gradient = np.zeros_like(theta)
        self.gradient_norm = np.nan

    def respond(self, rows: slice, U: NDArray[Any] | None) -> NDArray[Any]:
        """Look from some rows; return the gradient in their scores."""
        problem, Y, s = self.problem, self.problem.Y[rows], self.problem.s[rows]
        way = self._change[rows] if self._change is not None else U
        assert way is not None
        Z = way if self.known is None else self.known[rows] + way
        P, self._losses[rows.start] = problem.loss.evaluate(Z, Y, s)
        self.Z[rows], self.P[rows] = Z, P
        residual: NDArray[Any] = (P - Y) * s[:, None]
        return residual.astype(self.design.dtype, copy=False)

    @property
    def known(self) -> NDArray[Any] | None:
        """The scores (n, q) to which the way's are added; None for 0."""
        anew = self._before is None or (self._anew and self._change is None)
        return None if anew or self._before is None else self._before.Z

    def has_seen(self, losses: float) -> None:
        """Take the sum of the losses, where others have filled in Z and P."""
        self._losses[0] = losses

    def finish(self, total: NDArray[Any]) -> None:
        """Add the penalty's part."""
        total = total * self.design.scale
        pull = self.problem.penalty * self.theta
        self._before = None  # the chain of all points before would fill the memory
        self.gradient = total + pull
        self.gradient_norm = float(np.linalg.norm(self.gradient))

    @cached_property
    def objective(self) -> float:
        """The objective at theta."""
        losses = sum(self._losses[first] for first in sorted(self._losses))
        return losses + self.problem.pull(self.theta)


@final
class HessianProduct:
    """The Hessian of a design times V (p, q)."""

    def __init__(
        self,
        design: Design,
        curvature: Curvature,
        penalty: NDArray[Any],
        V: NDArray[Any],
    ) -> None:
        self.design, self.curvature = design, curvature
        self._penalty, self.V = penalty, V
        self.shape = V.shape
        self.product = V

    def respond(self, rows: slice, U: NDArray[Any] | None) -> NDArray[Any]:
        """Return the Hessian in the scores times their change U = X V."""
        assert U is not None
        return self.curvature.bend(rows, U)

    def finish(self, total: NDArray[Any]) -> None:
        """Add the penalty's part."""
        self.product = total + self._penalty * self.V


@final
class System:
    """H x = rhs for the Hessian H of a design, by preconditioned conjugate gradients.

    Attributes
    ----------
    rhs : ndarray of shape (p, q)
        The right-hand side.
    tolerance : float
        Norm of the residual, relative to that of `rhs`, at which to stop.
    limit : int
        Most iterations.
    solution : ndarray of shape (p, q)
        x, once it is solved.
    iterations : int
        Products with H that it took.
    """

    def __init__(
        self,
        design: Design,
        curvature: Curvature,
        penalty: NDArray[Any],
        preconditioner: Preconditioner,
        rhs: NDArray[Any],
        tolerance: float,
        limit: int,
    ) -> None:
        self.design, self.curvature, self.penalty = design, curvature, penalty
        self.preconditioner, self.rhs = preconditioner, rhs
        self.tolerance, self.limit = tolerance, limit
        self.solution = rhs
        self.iterations = 0

    def run(self) -> Generator[HessianProduct, None, None]:
        """Solve it; yield the products that it needs."""
        system = conjugate_gradient(self.preconditioner, self.rhs, self.tolerance, self.limit)
        V = next(system)
        while True:
            task = HessianProduct(self.design, self.curvature, self.penalty, V)
            yield task
            try:
                V = system.send(task.product)
            except StopIteration as end:
                self.solution, self.iterations = end.value
                return

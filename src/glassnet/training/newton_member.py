"""Newton's method on one member: a linear model's exact optimum, a few iterations away."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from glassnet.training.newton_step import is_small, newton_step
from glassnet.training.newton_tasks import Look, Problem, System
from glassnet.training.preconditioner import Preconditioner, Preparation
from glassnet.training.result import Stop

_EPS = float(np.finfo(np.float64).eps)
_ARMIJO = 1e-4  # share of the linear model's decrease that a step must achieve
_SHORTEST_STEP = 1e-10
_FORCING = 0.3  # conjugate gradients stop at this relative residual at the latest
_NEAR = 1e-3  # share of the reference from which on gradients are float64
_CG_LIMIT = 250
_PATIENCE = 2  # iterations in a row that hardly decrease the gradient
# Iterations that are no reason for a new factorisation of 400 parameters, or more: of one output,
# and of several, whose factorisations cost as many times more.
_CHEAP_CG, _CHEAP_CG_OF_SEVERAL = 4, 6
_WORTH_ROUGH = 2**17  # elements of X

Request = Look | System | Preparation


@final
class NewtonMember:
    """One member on its way to the optimum.

    `run` is a generator: it yields what it needs of the rows, and goes on when it is done. So
    many members can share each reading of X.

    Each iteration solves the Newton equation H x = -g, exactly where the problem is small, else
    by preconditioned conjugate gradients,
    as precisely as the distance from the optimum asks (Dembo, Eisenstat and Steihaug, "Inexact
    Newton methods", SIAM J. Numer. Anal. 19, 1982), and steps along x with backtracking
    (Nocedal and Wright, "Numerical optimization", 2006, algorithm 7.1).

    The gradient and the objective, which decide where the method ends, are float64. The Hessian
    only shows the way: its products are float32 on columns scaled to mean square 1, as long as
    that brings progress, and float64 after. So are the products for the gradient until it has
    fallen to a thousandth, the larger part of the iterations.

    Attributes
    ----------
    problem : Problem
        What it minimises.
    here : Look
        Where it stands.
    target : float
        The gradient norm at which it has converged.
    curve : list of float
        The objective after each iteration.
    stop : Stop or None
        Why it stopped; None while it runs.
    message : str
        The same in words.
    """

    def __init__(
        self, problem: Problem, start: NDArray[Any] | None, tol: float, max_iter: int
    ) -> None:
        self.problem = problem
        self.stop: Stop | None = None
        self.message = ""
        self.curve: list[float] = []
        self.target = 0.0
        constant = np.zeros((len(problem.penalty), problem.Y.shape[1]))
        if problem.exact.intercept:
            constant[-1] = problem.loss.constant_scores(problem.Y, problem.s)
        scores = np.zeros((1, constant.shape[1])) + (constant[-1] if problem.exact.intercept else 0)
        self.here = Look(problem, constant, change=np.repeat(scores, len(problem.s), axis=0))
        self._start, self._tol, self._max_iter = start, tol, max_iter
        self._reference = 0.0
        self._direct = is_small(problem)
        self._quick = problem.exact if self._direct else problem.quick
        self._rough = False
        p, n = len(problem.penalty), len(problem.s)
        self._is_large = n * p >= _WORTH_ROUGH and not self._direct
        cheap = _CHEAP_CG if problem.Y.shape[1] == 1 else _CHEAP_CG_OF_SEVERAL
        self._cheap_cg = min(cheap, max(1, p // 64))
        self._preconditioner: Preconditioner | None = None
        self._fresh_rate = 0.0
        self._all_rows = False
        self._slow = 0

    def run(self) -> Generator[Request, None, None]:
        """Iterate until there is a reason to stop."""
        yield self.here
        self._reference = self.here.gradient_norm
        self.target = max(self._tol**2 * self._reference, self._rounding())
        if self._start is not None:
            self.here = Look(self.problem, self.problem.loss.centred(self._start))
            yield self.here
        elif not self._direct:
            self._precondition_constant()
            self._rough = self._is_large
        self._check_gradient()
        while self.stop is None:
            if len(self.curve) >= self._max_iter:
                if self.here.rough:
                    self.here = Look(self.problem, self.here.theta)
                    yield self.here
                self._end(Stop.MAX_ITER, f"max_iter = {self._max_iter} iterations are over")
                return
            yield from self._iterate()

    def _rounding(self) -> float:
        """Return about the norm of the gradient's rounding errors: eps sum_i s_i |x_i|."""
        exact = self.problem.exact
        squares = exact.mean_square[np.isfinite(exact.mean_square)]
        return 4 * _EPS * float(self.problem.s.sum() * np.sqrt(squares.sum()))

    def _iterate(self) -> Generator[Request, None, None]:
        """Do one iteration; it ends where it began if no step is better."""
        direction = yield from self._direction()
        before = self.here
        slope = float(np.vdot(before.gradient, direction))
        there = self._look(before.theta + direction, before)
        yield there
        if -slope <= 100 * self._resolution():
            # The objective is a rounded number and cannot judge so small a step.
            if not there.gradient_norm < before.gradient_norm:
                there = before
        elif not self._falls_enough(there.objective, slope, 1.0):
            way = there.Z - before.Z
            step = self._shorter_step(direction, way, slope)
            # Exact scores are not rough ones plus a part of the way.
            change = None if before.rough and not self._rough else step * way
            theta = before.theta + step * direction
            there = self._look(theta, before, change) if step else before
            if step:
                yield there
        slow = there.gradient_norm >= 0.7 * before.gradient_norm
        self._slow = self._slow + 1 if slow else 0
        stuck = there is before or self._slow >= _PATIENCE
        if self._rough and (stuck or self._is_near(there)):
            self._rough = False
            if there.rough and (stuck or there.gradient_norm <= self.target):
                there, self._slow = Look(self.problem, there.theta), 0
                yield there
        self.here = there
        self.curve.append(there.objective)
        self._check_gradient()
        if self.stop is None and (there is before or self._slow >= _PATIENCE):
            self._unstick(decrease=-slope, stayed=there is before)

    def _look(self, theta: NDArray[Any], before: Look, change: NDArray[Any] | None = None) -> Look:
        return Look(self.problem, theta, before=before, change=change, rough=self._rough)

    def _is_near(self, look: Look) -> bool:
        return look.gradient_norm <= max(_NEAR * self._reference, self.target)

    def _resolution(self) -> float:
        """Return about the rounding error of the objective."""
        return float(np.finfo(self.here.design.dtype).eps) * float(
            abs(self.here.objective) + self.problem.s.sum()
        )

    def _direction(self) -> Generator[Request, None, NDArray[Any]]:
        """Solve the Newton equation; return the solution (p, q)."""
        if self._direct:
            return self.problem.loss.centred(newton_step(self.here))
        problem, here, design = self.problem, self.here, self._quick
        loss, dtype, penalty = problem.loss, design.dtype, self._quick_penalty()
        if self._preconditioner is None:
            diagonal = loss.diagonal(here.P, problem.s).astype(dtype)
            preparation = Preparation(design, diagonal, penalty, all_rows=self._all_rows)
            yield preparation
            self._preconditioner, self._fresh_rate = preparation.made, 0.0
        curvature = loss.curvature(here.P, problem.s, dtype)
        rhs = problem.loss.centred(-here.gradient) / design.scale
        size = float(np.linalg.norm(rhs))
        left = here.gradient_norm / max(self._reference, _EPS)
        # Many rows: ten classes of 5000 digit images take 77 products with the Hessian so, 109 with
        # the root for few rows, whose last step costs nothing and ends far below the target.
        forcing = min(_FORCING, np.cbrt(left) if self._is_large else np.sqrt(left))
        forcing = max(forcing, 0.1 * self.target / here.gradient_norm)
        system = System(
            design,
            curvature,
            penalty,
            self._preconditioner,
            (rhs / size).astype(dtype),
            forcing,
            _CG_LIMIT,
        )
        yield system
        self._judge_preconditioner(system.iterations, forcing)
        return problem.loss.centred(system.solution.astype(np.float64) * size / design.scale)

    def _quick_penalty(self) -> NDArray[Any]:
        """Return what the penalty adds to the diagonal of the quick design's Hessian (p, 1)."""
        penalty = self.problem.penalty / self._quick.scale**2
        return penalty.astype(self._quick.dtype)

    def _precondition_constant(self) -> None:
        if self.problem.shared is not None:
            curvatures = self.here.P[0] * (1 - self.here.P[0])
            self._preconditioner = self.problem.shared.preconditioner(
                curvatures, self._quick_penalty()
            )

    def _judge_preconditioner(self, iterations: int, tolerance: float) -> None:
        """Keep the preconditioner of an earlier iterate while it is nearly as good as new.

        It is as good as the iterations are few that shrink the residual to a tenth.
        """
        rate = iterations / -np.log10(tolerance)
        if self._fresh_rate == 0:
            self._fresh_rate = rate
            # Several outputs' iterations are many for what the blocks leave out, not the rows.
            if iterations > 4 * self._cheap_cg and self.problem.Y.shape[1] == 1:
                self._all_rows = True
        if iterations > self._cheap_cg and rate > 1.5 * self._fresh_rate:
            self._preconditioner = None

    def _falls_enough(self, objective: float, slope: float, step: float) -> bool:
        return slope < 0 and objective <= self.here.objective + _ARMIJO * step * slope

    def _shorter_step(self, direction: NDArray[Any], change: NDArray[Any], slope: float) -> float:
        """Halve the step until the objective falls enough; 0 if it never does."""
        problem, here = self.problem, self.here
        step = 0.5
        while step > _SHORTEST_STEP:
            objective = problem.objective(here.theta + step * direction, here.Z + step * change)
            if self._falls_enough(objective, slope, step):
                return step
            step /= 2
        return 0.0

    def _check_gradient(self) -> None:
        if not np.isfinite(self.here.gradient_norm):
            self._end(Stop.DIVERGED, "the features' values are too large for float64")
        elif self.here.gradient_norm <= self.target and not self.here.rough:
            self._end(Stop.CONVERGED, "the gradient is small enough")

    def _unstick(self, decrease: float, stayed: bool) -> None:
        """Go on in float64 where float32 showed the way too roughly; else say why it ends."""
        self._slow = 0
        if self._quick is not self.problem.exact:
            self._quick, self._preconditioner, self._all_rows = self.problem.exact, None, True
        elif stayed and decrease <= 1e3 * self._resolution():
            self._end(Stop.CONVERGED, "the gradient is as small as float64 allows")
        elif stayed:
            self._end(Stop.NO_DESCENT, "no step decreases the objective")

    def _end(self, stop: Stop, reason: str) -> None:
        self.stop = stop
        self.message = (
            f"{reason}: its norm is {self.here.gradient_norm:.2g}, the target {self.target:.2g}"
            if stop is Stop.CONVERGED
            else f"{reason}, at a gradient norm of {self.here.gradient_norm:.2g} "
            f"with a target of {self.target:.2g}"
        )

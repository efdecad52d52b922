"""Preconditioned conjugate gradients on matrices of unknowns."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray


def conjugate_gradient(
    precondition: Callable[[NDArray[Any]], NDArray[Any]],
    rhs: NDArray[Any],
    tolerance: float,
    limit: int,
) -> Generator[NDArray[Any], NDArray[Any], tuple[NDArray[Any], int]]:
    """Solve H x = rhs for a positive semi-definite H, from x = 0.

    Hestenes and Stiefel's method (Nocedal and Wright, "Numerical optimization", 2006, algorithm
    5.3). It is a generator that yields V (p, q) and is sent H V, so that many systems can wait
    for their products together; SciPy's solves one, for vectors. Every iterate is a descent
    direction of the quadratic x'Hx/2 - x'rhs, so that it may end early: at a direction without
    curvature, or at the limit.

    Parameters
    ----------
    precondition : callable
        Returns an approximation of H⁻¹ V.
    rhs : ndarray of shape (p, q)
        The right-hand side; its precision is the precision of the method.
    tolerance : float
        Norm of the residual, relative to that of `rhs`, at which to stop.
    limit : int
        Most iterations.

    Returns
    -------
    x : ndarray of shape (p, q)
        The solution; the preconditioned `rhs` where not even one step can be done.
    iterations : int
        Products with H.
    """
    x = np.zeros_like(rhs)
    residual = rhs.copy()
    z = precondition(residual)
    direction = z.copy()
    rho = float(np.vdot(residual, z))
    goal = tolerance * float(np.linalg.norm(rhs))
    iterations = 0
    while iterations < limit:
        image = yield direction
        iterations += 1
        curvature = float(np.vdot(direction, image))
        if not (np.isfinite(curvature) and curvature > 0):
            break
        step = rho / curvature
        x += step * direction
        residual -= step * image
        if float(np.linalg.norm(residual)) <= goal:
            break
        z = precondition(residual)
        rho, previous = float(np.vdot(residual, z)), rho
        direction *= rho / previous
        direction += z
    return (x if x.any() else precondition(rhs)), iterations

"""The exact Newton step of a problem so small that its Hessian fits."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, LinAlgWarning, lstsq, solve

from glassnet.training.newton_tasks import Look, Problem

# Parameters, and elements of what a row adds to the Hessian, summed over the rows.
_MOST_PARAMETERS = 64
_MOST_ELEMENTS = 2**18


def is_small(problem: Problem) -> bool:
    """Say whether the Hessian is small enough to be formed and solved."""
    (p, _), (n, q) = problem.penalty.shape, problem.Y.shape
    return p * q <= _MOST_PARAMETERS and n * p * q * q <= _MOST_ELEMENTS


def newton_step(here: Look) -> NDArray[Any]:
    """Return the solution x (p, q) of H x = -gradient.

    Where H is singular, it is the shortest one in units in which each feature's curvature is 1,
    so that no feature is lost in rounding.
    """
    problem = here.problem
    p, q = here.shape
    H = problem.exact.hessian(problem.loss.hessian(here.P, problem.s)).reshape(p * q, p * q)
    diagonal = np.einsum("ii->i", H)
    diagonal += np.repeat(problem.penalty[:, 0], q)
    scale = np.sqrt(diagonal.reshape(p, q).mean(axis=1))
    scale[scale == 0] = 1
    units = np.repeat(scale, q)
    H /= units
    H /= units[:, None]
    if q > 1:
        # The same change of all classes changes nothing, and the gradient has no such part:
        # any curvature in its direction makes H regular and leaves the solution as it is.
        H += np.kron(np.eye(p), np.full((q, q), 1 / q))
    rhs = -problem.loss.centred(here.gradient).ravel() / units
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", LinAlgWarning)
            x = solve(H, rhs, assume_a="pos", check_finite=False)
    except (LinAlgError, LinAlgWarning):
        x = lstsq(H, rhs, lapack_driver="gelsy", check_finite=False)[0]
    return (x / units).reshape(p, q)

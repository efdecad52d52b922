"""Training on all rows at once: one member, by SciPy's L-BFGS-B."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, final

import numpy as np
import scipy.optimize
from numpy.typing import NDArray

from glassnet.model import Member, Network, initial_parameters
from glassnet.training.engine import EpochMonitor, Monitor
from glassnet.training.ledger import OpenLedger
from glassnet.training.reference.judging import Judge
from glassnet.training.reference.propagation import Propagation
from glassnet.training.result import Fit, Stop


@final
@dataclass(frozen=True)
class Lbfgs:
    """Limited-memory BFGS: curvature learned from the last ten steps, all rows a step.

    (Byrd, Lu, Nocedal and Zhu, "A limited memory algorithm for bound constrained
    optimization", SIAM Journal on Scientific Computing 16, 1995; SciPy's implementation.)

    Attributes
    ----------
    max_fun : int, default=15000
        Most evaluations of the loss.
    ftol : float, default=2.2e-9
        It stops where an iteration lowers the loss by less than this share; SciPy's default.
    """

    max_fun: int = 15000
    ftol: float = 2.220446049250313e-9
    name: str = "lbfgs"


LossAndGradient = Callable[[NDArray[Any]], tuple[float, NDArray[Any]]]


def train_lbfgs(
    network: Network,
    member: Member,
    X: Any,
    y: NDArray[Any],
    monitor: Monitor,
    index: int,
    judge: Judge,
) -> Fit:
    """Train one member on its rows, all at once, in float64; see `Engine.train`."""
    weights = member.row_weights
    ledger = OpenLedger.of(network, member, X.shape[0])
    if member.rows is not None:
        X, y = X[member.rows], y[member.rows]
        weights = None if weights is None else weights[member.rows]
    if member.label_smoothing:
        y = y.copy()
        network.out.smooth(y, member.label_smoothing)
    theta = np.empty(network.n_parameters)
    marks_rights = ledger is not None
    passes = Propagation(network, theta, member.alpha, X.shape[0], marks_rights=marks_rights)

    def loss_and_gradient(x: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        theta[...] = x
        loss = passes.loss_and_gradient(X, y, weights)
        if ledger is not None:
            ledger.begin()
            rows = slice(None) if member.rows is None else member.rows
            ledger.write(rows, passes.losses, passes.right)
        return loss, passes.gradient.copy()

    return minimize(network, member, loss_and_gradient, monitor, index, judge, ledger)


def minimize(
    network: Network,
    member: Member,
    loss_and_gradient: LossAndGradient,
    monitor: Monitor,
    index: int,
    judge: Judge,
    ledger: OpenLedger | None = None,
) -> Fit:
    """Minimise a member's loss by L-BFGS-B, whoever computes it.

    Parameters
    ----------
    network : Network
        The shape of the net.
    member : Member
        Its solver is an `Lbfgs`.
    loss_and_gradient : callable
        Returns the loss J and its gradient (p,) at parameters theta (p,).
    monitor : Monitor
        Hears of every iteration; a KeyboardInterrupt ends the training there.
    index : int
        The member's number.
    judge : Judge
        Judges each iteration; its scores are recorded and never stop the training.
    ledger : OpenLedger or None
        Each call of `loss_and_gradient` writes its page anew.
    """
    solver: Lbfgs = member.solver  # type: ignore[assignment]
    dtype = np.dtype(np.float64)
    start = (
        initial_parameters(network, member.random_state, dtype)
        if member.start is None
        else member.start.astype(dtype)
    )
    loss_curve: list[float] = []
    accepted, seen = start.copy(), start.copy()

    def look(x: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        seen[...] = x
        return loss_and_gradient(x)

    def iteration_ends(intermediate_result: scipy.optimize.OptimizeResult) -> None:
        accepted[...] = intermediate_result.x
        if ledger is not None:
            if not np.array_equal(seen, accepted):  # it has looked further, in vain
                look(accepted)
            ledger.end()
        loss_curve.append(float(intermediate_result.fun))
        score = judge.hears(accepted)
        monitor.epoch_ends(index, len(loss_curve), loss_curve[-1], score)
        if isinstance(monitor, EpochMonitor):
            monitor.parameters_after(index, len(loss_curve), accepted.copy())

    def told() -> dict[str, Any]:
        examples = None if ledger is None else ledger.closed(len(loss_curve))
        return {**judge.curves(), "examples": examples}

    options = {
        "maxfun": solver.max_fun,
        "maxiter": member.max_iter,
        "ftol": solver.ftol,
        "gtol": member.tol,
    }
    try:
        found = scipy.optimize.minimize(
            look,
            start,
            method="L-BFGS-B",
            jac=True,
            callback=iteration_ends,
            options=options,
        )
    except KeyboardInterrupt:
        loss = loss_curve[-1] if loss_curve else np.nan
        message = "Training interrupted by user."
        n_iter, stop = len(loss_curve), Stop.INTERRUPTED
        return Fit(accepted, loss, loss_curve, n_iter, stop, message, **told())
    # SciPy's status: 0 converged, 1 a limit was reached, 2 the line search failed.
    stop = {0: Stop.CONVERGED, 1: Stop.MAX_ITER}.get(found.status, Stop.NO_DESCENT)
    if not np.isfinite(found.fun):
        stop = Stop.DIVERGED
    n_iter = min(found.nit, member.max_iter)
    loss, message = float(found.fun), str(found.message)
    return Fit(found.x, loss, loss_curve, n_iter, stop, message, **told())

"""Full-batch passes in the core, for the solver that SciPy drives."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet import _core
from glassnet.model import Member, Network
from glassnet.training.blas import one_blas_thread
from glassnet.training.engine import Monitor
from glassnet.training.ledger import OpenLedger
from glassnet.training.reference.judging import Judge
from glassnet.training.reference.lbfgs import minimize
from glassnet.training.result import Fit


def train_lbfgs(
    network: Network,
    objective: _core.Objective,
    member: Member,
    n_threads: int,
    monitor: Monitor,
    index: int,
    judge: Judge,
    ledger: OpenLedger | None,
) -> Fit:
    """Train one member by L-BFGS; the core computes its loss and gradient in float64."""

    def loss_and_gradient(theta: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        gradient = np.empty(network.n_parameters)
        page = () if ledger is None else ledger.page
        loss = objective.evaluate(np.ascontiguousarray(theta), gradient, n_threads, *page)
        return loss, gradient

    # SciPy's own sums of long vectors would have other last bits with another number of threads.
    with one_blas_thread():
        return minimize(network, member, loss_and_gradient, monitor, index, judge, ledger)

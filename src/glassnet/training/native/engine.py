"""The native engine: the reference's steps, in the C++ core."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import partial
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from glassnet import _core
from glassnet.model import Member, Network, Population
from glassnet.training.engine import Monitor, Silent
from glassnet.training.native.linear_products import NativeProducts
from glassnet.training.native.members import (
    STOCHASTIC,
    contiguous,
    described,
    fit_of,
    lacks,
    numbers,
)
from glassnet.training.native.passes import train_lbfgs
from glassnet.training.native.prediction import predict
from glassnet.training.native.rows import rows_of, targets_of
from glassnet.training.newton import Newton, train_newton
from glassnet.training.reference import Lbfgs, ReferenceEngine
from glassnet.training.reference.stopping import plateau_message
from glassnet.training.result import Fit, Result

# Rows times parameters of a forward pass that one thread does in some ten microseconds.
SMALL_PASS = 2**18


@final
class NativeEngine:
    """Trains members in the C++ core, many epochs a call.

    Parameters
    ----------
    n_threads : int or None, default=None
        Threads to use; None for the cores that this process may use. The results are the same
        bits for any number.
    """

    name = "native"

    def __init__(self, n_threads: int | None = None) -> None:
        self.n_threads = n_threads

    def train(
        self,
        population: Population,
        X: Any,
        y: NDArray[Any],
        *,
        dtype: np.dtype[Any],
        monitor: Monitor | None = None,
    ) -> Result:
        """Train every member of a population; see `Engine.train`."""
        members = population.members
        if members and all(isinstance(member.solver, Newton) for member in members):
            n_threads = self._threads()
            products = partial(NativeProducts, n_threads=n_threads)
            return train_newton(
                population, X, y, monitor, n_threads=n_threads, make_products=products
            )
        lacking = lacks(population, y)
        if lacking is not None:
            warnings.warn(
                f"The native engine has no {lacking}; the reference engine trains instead.",
                stacklevel=2,
            )
            return ReferenceEngine().train(population, X, y, dtype=dtype, monitor=monitor)
        work = _Work(population.network, X, y, self._threads(), monitor)
        stochastic = [i for i, m in enumerate(members) if isinstance(m.solver, STOCHASTIC)]
        fits = dict(zip(stochastic, work.stochastic(members, stochastic, dtype), strict=True))
        for i, member in enumerate(members):
            if isinstance(member.solver, Lbfgs):
                fits[i] = work.lbfgs(member, i)
        return Result(tuple(fits[i] for i in range(len(members))))

    def predict(
        self,
        network: Network,
        coefs: Sequence[NDArray[Any]],
        intercepts: Sequence[NDArray[Any]],
        X: Any,
        *,
        dtype: np.dtype[Any],
    ) -> NDArray[Any]:
        """Propagate rows through a net; see `Engine.predict`."""
        # To ask the system how many threads there may be takes longer than a few rows do.
        is_small = X.shape[0] * network.n_parameters <= SMALL_PASS
        return predict(
            network, coefs, intercepts, X, np.dtype(dtype), 1 if is_small else self._threads()
        )

    def _threads(self) -> int:
        return self.n_threads if self.n_threads is not None else _core.default_threads()


@final
class _Work:
    """One call's rows, as the core reads them; made once for each precision."""

    def __init__(
        self, network: Network, X: Any, y: NDArray[Any], n_threads: int, monitor: Monitor | None
    ) -> None:
        self._network, self._X, self._y = network, X, y
        self._n_threads, self._monitor = n_threads, monitor
        self._shape = _core.Network(list(network.layer_sizes), network.activation, network.output)

    def stochastic(
        self, members: Sequence[Member], positions: list[int], dtype: np.dtype[Any]
    ) -> list[Fit]:
        """Train the members at the given positions."""
        if not positions:
            return []
        chosen = [members[i] for i in positions]
        watcher = None if self._monitor is None else Watcher(self._monitor, chosen, positions)
        found = _core.train(
            self._shape,
            rows_of(self._X, np.dtype(dtype), self._n_threads),
            targets_of(self._network, self._y),
            [
                described(self._network, member, np.dtype(dtype), self._X.shape[0])
                for member in chosen
            ],
            self._n_threads,
            watcher,
        )
        return [fit_of(member, fit) for member, fit in zip(chosen, found, strict=True)]

    def lbfgs(self, member: Member, index: int) -> Fit:
        """Train a member on all its rows at once, in float64."""
        columns = self._y if member.target is None else self._y[:, [member.target]]
        objective = _core.Objective(
            self._shape,
            rows_of(self._X, np.dtype(np.float64), self._n_threads),
            targets_of(self._network, columns),
            float(member.alpha),
            numbers(member.rows),
            contiguous(member.row_weights, np.dtype(np.float64)),
            float(member.label_smoothing),
        )
        monitor = self._monitor or Silent()
        return train_lbfgs(self._network, objective, member, self._n_threads, monitor, index)


@final
class Watcher:
    """Passes what the core tells on to a monitor, in the reference engine's words."""

    def __init__(self, monitor: Monitor, members: Sequence[Member], positions: list[int]) -> None:
        self._monitor, self._members, self._positions = monitor, members, positions

    def epoch_ends(self, member: int, epoch: int, loss: float, score: float | None) -> None:
        """Pass on that an epoch is over."""
        self._monitor.epoch_ends(self._positions[member], epoch, loss, score)

    def plateau(self, member: int, rate: float | None) -> None:
        """Pass on that progress has stopped, and what becomes of it."""
        self._monitor.says(self._positions[member], plateau_message(self._members[member], rate))

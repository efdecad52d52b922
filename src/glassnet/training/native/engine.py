"""The native engine: the reference's steps, in the C++ core."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from glassnet import _core
from glassnet.model import Member, Network, Population, Validation
from glassnet.training.engine import EpochMonitor, Monitor, Silent
from glassnet.training.ledger import OpenLedger
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
from glassnet.training.native.threads import default_threads
from glassnet.training.newton import Newton, train_newton
from glassnet.training.reference import Lbfgs, ReferenceEngine
from glassnet.training.reference.judging import judge_of
from glassnet.training.reference.stopping import plateau_message
from glassnet.training.result import Fit, Result

# Rows times parameters of a forward pass that one thread does in some ten microseconds, and of a
# training's passes to which the core lets no second thread.
SMALL_PASS = 2**18
SMALL_TRAINING = 2**19


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
        is_small = (
            len(members) == 1 and X.shape[0] * population.network.n_parameters <= SMALL_TRAINING
        )
        work = _Work(population, X, y, 1 if is_small else self._threads(), monitor)
        stochastic = [i for i, m in enumerate(members) if isinstance(m.solver, STOCHASTIC)]
        fits = dict(zip(stochastic, work.stochastic(stochastic, dtype), strict=True))
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
        raw: bool = False,
    ) -> NDArray[Any]:
        """Propagate rows through a net; see `Engine.predict`."""
        # To ask the system how many threads there may be takes longer than a few rows do.
        is_small = X.shape[0] * network.n_parameters <= SMALL_PASS
        n_threads = 1 if is_small else self._threads()
        return predict(network, coefs, intercepts, X, np.dtype(dtype), n_threads, raw)

    def _threads(self) -> int:
        return self.threads

    @property
    def threads(self) -> int:
        """Threads that it uses; as many members are trained at the same time."""
        return self.n_threads if self.n_threads is not None else default_threads()


@final
class _Work:
    """One call's rows, as the core reads them; made once for each precision."""

    def __init__(
        self,
        population: Population,
        X: Any,
        y: NDArray[Any],
        n_threads: int,
        monitor: Monitor | None,
    ) -> None:
        network = population.network
        self._population, self._network, self._X, self._y = population, network, X, y
        self._n_threads, self._monitor = n_threads, monitor
        self._shape = _core.Network(list(network.layer_sizes), network.activation, network.output)

    def stochastic(self, positions: list[int], dtype: np.dtype[Any]) -> list[Fit]:
        """Train the members at the given positions."""
        if not positions:
            return []
        chosen = [self._population.members[i] for i in positions]
        is_heard = self._monitor is not None or any(member.scorer for member in chosen)
        watcher = Watcher(self._monitor, self._population, positions) if is_heard else None
        ledgers = [OpenLedger.of(self._network, member, self._X.shape[0]) for member in chosen]
        found = _core.train(
            self._shape,
            rows_of(self._X, np.dtype(dtype), self._n_threads),
            targets_of(self._network, self._y),
            [
                described(self._network, member, np.dtype(dtype), self._X.shape[0], ledger)
                for member, ledger in zip(chosen, ledgers, strict=True)
            ],
            self._n_threads,
            watcher,
            **self._validation(np.dtype(dtype)),
        )
        return [
            fit_of(member, fit, ledger, by_score=self._population.is_stopped_by_score(member))
            for member, fit, ledger in zip(chosen, found, ledgers, strict=True)
        ]

    def _validation(self, dtype: np.dtype[Any]) -> dict[str, Any]:
        """Return the rows that all members are judged by, by the core's names."""
        held_out = self._population.validation
        if held_out is None:
            return {}
        return {
            "X_val": rows_of(held_out.X, dtype, self._n_threads),
            "y_val": targets_of(self._network, held_out.y),
            "weights_val": contiguous(held_out.weights, np.dtype(np.float64)),
        }

    def lbfgs(self, member: Member, index: int) -> Fit:
        """Train a member on all its rows at once, in float64."""
        columns = self._y if member.target is None else self._y[:, [member.target]]
        ledger = OpenLedger.of(self._network, member, self._X.shape[0])
        objective = _core.Objective(
            self._shape,
            rows_of(self._X, np.dtype(np.float64), self._n_threads),
            targets_of(self._network, columns),
            float(member.alpha),
            numbers(member.rows),
            contiguous(member.row_weights, np.dtype(np.float64)),
            float(member.label_smoothing),
            marks_rights=ledger is not None and ledger.rights is not None,
        )
        monitor = self._monitor or Silent()
        judge = judge_of(
            self._network, member, self._X, columns, self._held_out(member), self._forward
        )
        return train_lbfgs(
            self._network, objective, member, self._n_threads, monitor, index, judge, ledger
        )

    def _held_out(self, member: Member) -> Validation | None:
        held_out = self._population.validation
        if held_out is None or member.target is None:
            return held_out
        return replace(held_out, y=held_out.y[:, [member.target]])

    def _forward(self, theta: NDArray[Any], X: Any) -> NDArray[Any]:
        network = self._network
        coefs, intercepts = network.coefs(theta), network.intercepts(theta)
        return predict(network, coefs, intercepts, X, theta.dtype, self._n_threads)


@final
class Watcher:
    """Passes what the core tells on to a monitor, in the reference engine's words."""

    def __init__(
        self, monitor: Monitor | None, population: Population, positions: list[int]
    ) -> None:
        self._monitor: Any = monitor or Silent()
        self._population, self._positions = population, positions
        self.wants_parameters = isinstance(monitor, EpochMonitor)

    def epoch_ends(
        self,
        member: int,
        epoch: int,
        loss: float,
        score: float | None,
        parameters: NDArray[Any] | None,
    ) -> None:
        """Pass on that an epoch is over, with the parameters (p,) where they are wanted."""
        position = self._positions[member]
        self._monitor.epoch_ends(position, epoch, loss, score)
        if parameters is not None:
            self._monitor.parameters_after(position, epoch, parameters)

    def score(self, member: int, training: bool, parameters: NDArray[Any]) -> float:
        """Ask the member's own scorer."""
        scorer: Any = self._population.members[self._positions[member]].scorer
        return float(scorer(parameters, training=training))

    def plateau(self, member: int, rate: float | None) -> None:
        """Pass on that progress has stopped, and what becomes of it."""
        position = self._positions[member]
        who = self._population.members[position]
        by_score = self._population.is_stopped_by_score(who)
        self._monitor.says(position, plateau_message(who, rate, by_score=by_score))

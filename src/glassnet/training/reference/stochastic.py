"""Training by small batches: one member, epoch by epoch."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, final

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from glassnet.model import Member, Network, initial_parameters
from glassnet.training.dropout import Dropout, dropout_seed
from glassnet.training.engine import EpochMonitor, Monitor
from glassnet.training.ledger import OpenLedger
from glassnet.training.optimizers import Optimizer, OptimizerState, resumed
from glassnet.training.reference.judging import Judge
from glassnet.training.reference.propagation import Propagation
from glassnet.training.reference.stopping import Watch, plateau_message
from glassnet.training.result import Fit, Stop


@final
class Batches:
    """The rows of a member in batches, each epoch in an order of its own.

    The order continues scikit-learn's random stream: an epoch permutes the order of the one
    before. Dense batches are gathered into buffers that are made once.
    """

    def __init__(self, member: Member, X: Any, y: NDArray[Any]) -> None:
        self._X, self._y, self._weights = X, y, member.row_weights
        self._rows = np.arange(X.shape[0]) if member.rows is None else member.rows
        self.n_rows = len(self._rows)
        self.size = min(member.batch_size, self.n_rows)
        self.n_batches = math.ceil(self.n_rows / self.size)
        self._order = np.arange(self.n_rows)
        self._random_state = member.random_state if member.shuffle else None
        self._is_sparse = scipy.sparse.issparse(X)
        if not self._is_sparse:
            self._X_buffer = np.empty((self.size, X.shape[1]), X.dtype)
        self._y_buffer = np.empty((self.size, y.shape[1]), y.dtype)

    def epoch(
        self,
    ) -> Iterator[tuple[NDArray[np.intp], Any, NDArray[Any], NDArray[Any] | None]]:
        """Yield (rows, X, y, weights) of an epoch's batches; weights is None where all are 1."""
        if self._random_state is not None:
            permutation = np.arange(self.n_rows)
            self._random_state.shuffle(permutation)
            self._order = self._order[permutation]
        order = self._rows[self._order]
        for start in range(0, self.n_rows, self.size):
            rows = order[start : start + self.size]
            weights = None if self._weights is None else self._weights[rows]
            yield rows, self._gather_X(rows), self._gather(self._y, rows, self._y_buffer), weights

    def _gather_X(self, rows: NDArray[np.intp]) -> Any:
        if self._is_sparse:
            return self._X[rows]
        return self._gather(self._X, rows, self._X_buffer)

    @staticmethod
    def _gather(values: NDArray[Any], rows: NDArray[np.intp], buffer: NDArray[Any]) -> NDArray[Any]:
        # mode="clip" lets NumPy write straight into `out`; the rows are known to be valid.
        return np.take(values, rows, axis=0, out=buffer[: len(rows)], mode="clip")


def train_stochastic(
    network: Network,
    member: Member,
    X: Any,
    y: NDArray[Any],
    dtype: np.dtype[Any],
    monitor: Monitor,
    index: int,
    judge: Judge,
) -> Fit:
    """Train one member with a stochastic solver; see `Engine.train`."""
    return _Run(network, member, X, y, dtype, monitor, index, judge).train()


@final
class _Run:
    """One member's training, from its start to its stop."""

    def __init__(
        self,
        network: Network,
        member: Member,
        X: Any,
        y: NDArray[Any],
        dtype: np.dtype[Any],
        monitor: Monitor,
        index: int,
        judge: Judge,
    ) -> None:
        self._network, self._member, self._judge = network, member, judge
        self._by_score = judge.validation is not None and member.validation_stops
        self._monitor, self._index = monitor, index
        self._wants_parameters = isinstance(monitor, EpochMonitor)
        self._theta = (
            initial_parameters(network, member.random_state, dtype)
            if member.start is None
            else member.start.astype(dtype)
        )
        self._optimizer: Optimizer = member.solver  # type: ignore[assignment]
        self._state: OptimizerState = resumed(self._optimizer, self._theta, member.optimizer_state)
        self._batches = Batches(member, X, y)
        self._watch = Watch(member)
        self._ledger = OpenLedger.of(network, member, X.shape[0])
        seed = dropout_seed(member)
        self._passes = Propagation(
            network,
            self._theta,
            member.alpha,
            self._batches.size,
            told_share=network.told_share,
            dropout=Dropout(member.dropout, seed) if member.dropout else None,
            marks_rights=self._ledger is not None,
        )
        self._coefs = self._theta[: network.n_coef]
        self._step, self._all_steps = 0, member.max_iter * self._batches.n_batches
        self._loss_curve: list[float] = []

    def train(self) -> Fit:
        """Run epochs until the member stops."""
        try:
            stop, message = self._run_epochs()
        except KeyboardInterrupt:
            stop, message = Stop.INTERRUPTED, "Training interrupted by user."
        theta = self._theta
        if self._by_score and self._watch.best_parameters is not None:
            theta = self._watch.best_parameters
        return Fit(
            parameters=theta,
            loss=self._loss_curve[-1] if self._loss_curve else np.nan,
            loss_curve=self._loss_curve,
            n_iter=len(self._loss_curve),
            stop=stop,
            message=message,
            **self._judge.curves(),
            examples=None if self._ledger is None else self._ledger.closed(len(self._loss_curve)),
            optimizer_state=self._state,
            progress=self._watch.progress(),
        )

    def _run_epochs(self) -> tuple[Stop, str]:
        for _ in range(self._member.max_iter):
            self._run_epoch()
            self._judge_epoch()
            if not np.isfinite(self._loss_curve[-1]):
                return Stop.DIVERGED, f"The loss became {self._loss_curve[-1]}. Stopping."
            stops = self._after_epoch()
            if stops is not None:
                return Stop.CONVERGED, stops
        return Stop.MAX_ITER, f"Reached {self._member.max_iter} epochs."

    def _run_epoch(self) -> None:
        """Take one step a batch."""
        total = 0.0
        if self._ledger is not None:
            self._ledger.begin()
        for rows, X, y, weights in self._batches.epoch():
            if weights is not None and not weights.any():
                continue  # nothing to learn from rows that count for nothing
            if self._member.label_smoothing:
                self._network.out.smooth(y, self._member.label_smoothing)
            total += self._passes.loss_and_gradient(X, y, weights) * len(y)
            if self._ledger is not None:
                losses = self._passes.losses * self._network.told_share
                self._ledger.write(rows, losses, self._passes.right)
            self._descend()
        if self._ledger is not None:
            self._ledger.end()
        self._loss_curve.append(total / self._batches.n_rows)

    def _descend(self) -> None:
        """Take one step along the gradient that the passes have left."""
        optimizer, state, gradient = self._optimizer, self._state, self._passes.gradient
        state.learning_rate = optimizer.schedule.at_step(
            state.learning_rate, optimizer.learning_rate_init, self._step, self._all_steps
        )
        self._step += 1
        most = self._member.clip_norm
        if most is not None:
            norm = float(np.dot(gradient, gradient)) ** 0.5
            if norm > most:
                gradient *= most / norm
        if optimizer.weight_decay:
            self._coefs *= 1 - state.learning_rate * optimizer.weight_decay
        state.step(self._theta, gradient)

    def _judge_epoch(self) -> None:
        """Compare the epoch with the best so far, and tell the monitor."""
        loss, epoch = self._loss_curve[-1], len(self._loss_curve)
        score = self._judge.hears(self._theta)
        if score is not None and self._by_score:
            self._watch.hears_score(score, self._theta)
        else:
            self._watch.hears_loss(loss)
        self._monitor.epoch_ends(self._index, epoch, loss, score)
        if self._wants_parameters:
            theta = self._theta.astype(np.float64)
            self._monitor.parameters_after(self._index, epoch, theta)  # type: ignore[attr-defined]

    def _after_epoch(self) -> str | None:
        """Move the learning rate on; return why training stops, or None to go on."""
        self._watch.rows_seen += self._batches.n_rows
        schedule = self._optimizer.schedule
        self._state.learning_rate = schedule.after_epoch(
            self._state.learning_rate, self._optimizer.learning_rate_init, self._watch.rows_seen
        )
        if not self._watch.is_plateau():
            return None
        rate = schedule.on_plateau(self._state.learning_rate)
        message = plateau_message(self._member, rate, by_score=self._by_score)
        self._monitor.says(self._index, message)
        if rate is None:
            return message
        self._state.learning_rate = rate
        self._watch.starts_anew()
        return None

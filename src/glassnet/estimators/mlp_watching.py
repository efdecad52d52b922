"""Who watches a net while it is trained: a printer, scikit-learn's callbacks."""

from __future__ import annotations

__all__ = ["NetCallbacks", "Printer"]

from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from glassnet.model import Network
from glassnet.training import Monitor


@final
class Printer:
    """Prints each epoch, as scikit-learn's `verbose` does."""

    def epoch_ends(self, member: int, epoch: int, loss: float, score: float | None) -> None:
        """Print the loss, and the validation score where there is one."""
        print(f"Iteration {epoch}, loss = {loss:.8f}")
        if score is not None:
            print(f"Validation score: {score:f}")

    def says(self, member: int, message: str) -> None:
        """Print the message."""
        print(message)


@final
class NetCallbacks:
    """Tells a net's callbacks of the fit, and of each epoch as a task of its own.

    It is scikit-learn 1.9's protocol. An epoch's task begins as soon as the one before has ended,
    so the last is empty where training stops before `max_iter`. Several random starts are tasks
    between the fit and the epochs. Callbacks that ask for the `fitted_estimator` get one with
    the coefs after that epoch; it is made for those alone that ask.

    Parameters
    ----------
    net : estimator
        Its callbacks are told.
    network : Network
        Its shape.
    dtype : dtype
        Of its coefs.
    data : dict
        `X`, `y` and `sample_weight`, as the user gave them.
    n_members : int
        Random starts.
    other : Monitor or None
        Who else is told.

    Attributes
    ----------
    stopped : bool
        Whether a callback asked to stop the training.
    """

    def __init__(
        self,
        net: Any,
        network: Network,
        dtype: np.dtype[Any],
        data: dict[str, Any],
        n_members: int,
        other: Monitor | None,
    ) -> None:
        self._net, self._network, self._dtype, self._other = net, network, dtype, other
        weights = data["sample_weight"]
        metadata = None if weights is None else {"sample_weight": weights}
        self._told: dict[str, Any] = {
            "estimator": net,
            "X": data["X"],
            "y": data["y"],
            "metadata": metadata,
        }
        self._max_iter = int(net.max_iter)
        several = n_members > 1
        self._fit = net._init_callback_context(
            max_subtasks=n_members if several else self._max_iter, sequential_subtasks=not several
        )
        self._fit.call_on_fit_task_begin(**self._told)
        self._starts = [self._start(i) for i in range(n_members)] if several else []
        self._epochs = [self._epoch(start, {}) for start in self._starts or [self._fit]]
        self.stopped = False

    def epoch_ends(self, member: int, epoch: int, loss: float, score: float | None) -> None:
        """Pass it on."""
        if self._other:
            self._other.epoch_ends(member, epoch, loss, score)

    def says(self, member: int, message: str) -> None:
        """Pass it on."""
        if self._other:
            self._other.says(member, message)

    def parameters_after(self, member: int, epoch: int, parameters: NDArray[Any]) -> None:
        """End the epoch's task and begin the next; stop where a callback asks for it."""

        def attributes() -> dict[str, Any]:
            with np.errstate(over="ignore"):
                theta = parameters.astype(self._dtype)
            coefs, intercepts = self._network.coefs(theta), self._network.intercepts(theta)
            return {"coefs_": coefs, "intercepts_": intercepts, "n_iter_": epoch}

        ended, self._epochs[member] = self._epochs[member], None
        if ended.call_on_fit_task_end(**self._told, reconstruction_attributes=attributes):
            self.stopped = True
        if self.stopped:
            raise KeyboardInterrupt
        if epoch < self._max_iter:
            within = self._starts[member] if self._starts else self._fit
            self._epochs[member] = self._epoch(within, attributes)

    def fit_ends(self) -> None:
        """End the tasks that are empty, and the fit."""
        for task in (*self._epochs, *self._starts):
            if task is not None:
                task.call_on_fit_task_end(**self._told)
        self._fit.call_on_fit_task_end(**self._told, reconstruction_attributes={})

    def _start(self, member: int) -> Any:
        start = self._fit.subcontext(
            task_name="random start", task_id=member, max_subtasks=self._max_iter
        )
        return start.call_on_fit_task_begin(**self._told)

    def _epoch(self, within: Any, attributes: Any) -> Any:
        epoch = within.subcontext(task_name="epoch")
        return epoch.call_on_fit_task_begin(**self._told, reconstruction_attributes=attributes)

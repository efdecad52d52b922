"""The one call that every engine answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, final, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from glassnet.model import Network, Population
from glassnet.training.result import Result


class Monitor(Protocol):
    """Somebody who watches the training: a progress bar, a printer, a test."""

    def epoch_ends(self, member: int, epoch: int, loss: float, score: float | None) -> None:
        """Hear that an epoch of a member is over; raise KeyboardInterrupt to stop training."""
        ...

    def says(self, member: int, message: str) -> None:
        """Hear why a member stops or changes its learning rate."""
        ...


@runtime_checkable
class EpochMonitor(Monitor, Protocol):
    """A monitor that wants the parameters after each epoch; all solvers but Newton tell it."""

    def parameters_after(self, member: int, epoch: int, parameters: NDArray[Any]) -> None:
        """Hear the parameters (p,) of a member, a copy, right after `epoch_ends`."""
        ...


@runtime_checkable
class IterateMonitor(Monitor, Protocol):
    """A monitor that wants the parameters on the way; the Newton solver tells it."""

    def iteration_ends(self, iteration: int, parameters: Callable[[], NDArray[Any]]) -> None:
        """Hear that all members are where they start (0) or that an iteration of all is over.

        Parameters
        ----------
        iteration : int
            That of the member that is furthest.
        parameters : callable
            Returns the parameters (m, p) of all members as they stand, if asked at once.
        """
        ...


@final
class Silent:
    """A monitor that says nothing."""

    def epoch_ends(self, member: int, epoch: int, loss: float, score: float | None) -> None:
        """Hear that an epoch is over."""

    def says(self, member: int, message: str) -> None:
        """Hear a message."""


class Engine(Protocol):
    """Something that trains populations.

    All engines are held to the same tests: a member's result does not depend on who trains
    beside it; in float64 it follows scikit-learn's trajectory; its gradients agree with finite
    differences; a stopped member is frozen.
    """

    name: str

    def train(
        self,
        population: Population,
        X: Any,
        y: NDArray[Any],
        *,
        dtype: np.dtype[Any],
        monitor: Monitor | None = None,
    ) -> Result:
        """Train every member of a population.

        Parameters
        ----------
        population : Population
            The network shape and its members.
        X : ndarray or CSR matrix of shape (n, d)
            The rows.
        y : ndarray of shape (n, k)
            The targets: for classes, one column a class (one for two classes) of 0 and 1; else the
            numbers to predict.
        dtype : dtype
            Of the arithmetic: float32 or float64. The solvers of the optimum ("lbfgs",
            "newton") use float64 whatever is asked.
        monitor : Monitor or None
            Hears of every epoch.

        Returns
        -------
        Result
            One `Fit` a member. An interrupted member (Ctrl-C) is returned as it stands.
        """
        ...

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
        """Propagate rows through a net.

        Parameters
        ----------
        network : Network
            The shape of the net.
        coefs, intercepts : sequence of ndarray, of shapes (fan_in, fan_out) and (fan_out,)
            Its parameters, layer by layer.
        X : ndarray or sparse matrix of shape (n, d)
            The rows.
        dtype : dtype
            Of the arithmetic: float32 or float64.
        raw : bool, default=False
            Whether to leave out the output's own activation.

        Returns
        -------
        ndarray of shape (n, k)
            The outputs, in the wider dtype of X and the coefs.
        """
        ...

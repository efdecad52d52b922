"""The engine to read: NumPy, one member after another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, final

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from glassnet.model import Member, Network, Population, Validation
from glassnet.training.blas import one_blas_thread
from glassnet.training.engine import Monitor, Silent
from glassnet.training.newton import Newton, train_newton
from glassnet.training.reference.judging import judge_of
from glassnet.training.reference.lbfgs import Lbfgs, train_lbfgs
from glassnet.training.reference.propagation import forward, forward_layers
from glassnet.training.reference.stochastic import train_stochastic
from glassnet.training.result import Fit, Result

# Multiplications and additions of a forward pass below which one thread does as well as two.
SMALL_STEP = 5e7


@final
class ReferenceEngine:
    """Trains members in NumPy, as plainly as it can be written.

    The stochastic solvers and lbfgs train one member after another. The one-vs-rest members
    of a logistic regression are solved together, since they share X.
    """

    name = "reference"

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
        monitor = monitor or Silent()
        if population.members and all(isinstance(m.solver, Newton) for m in population.members):
            return train_newton(population, X, y, monitor=monitor)
        rows, held_out = _Rows(X, y), population.validation
        validation = None if held_out is None else _Rows(held_out.X, held_out.y, held_out.weights)
        # An overflow shows itself as a loss that is not finite, which ends the training.
        with (
            np.errstate(over="ignore", invalid="ignore", divide="ignore"),
            one_blas_thread(wanted=_is_small(population, X.shape[0])),
        ):
            fits = [
                _train_one(
                    population.network, member, rows, validation, np.dtype(dtype), monitor, index
                )
                for index, member in enumerate(population.members)
            ]
        return Result(tuple(fits))

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
        wide = np.result_type(X.dtype, coefs[0].dtype)
        layers, starts = (
            [part.astype(dtype, copy=False) for part in parts] for parts in (coefs, intercepts)
        )
        # Rows too large for the dtype give outputs that say so.
        with np.errstate(over="ignore", invalid="ignore"):
            rows = X.astype(dtype, copy=False)
            return forward_layers(network, layers, starts, rows, raw=raw).astype(wide, copy=False)


def _is_small(population: Population, n_rows: int) -> bool:
    """Say whether the members' steps are too small to share among threads."""
    p = population.network.n_parameters
    return all(
        2 * p * (n_rows if isinstance(member.solver, Lbfgs) else member.batch_size) <= SMALL_STEP
        for member in population.members
    )


@final
class _Rows:
    """X and y in the dtype that a member's solver computes in, converted once for all."""

    def __init__(self, X: Any, y: NDArray[Any], weights: NDArray[Any] | None = None) -> None:
        self._X, self._y, self.weights = X, y, weights
        self._converted: dict[np.dtype[Any], tuple[Any, NDArray[Any]]] = {}

    def of(self, dtype: np.dtype[Any]) -> tuple[Any, NDArray[Any]]:
        if dtype not in self._converted:
            if scipy.sparse.issparse(self._X):
                X = self._X.tocsr().astype(dtype, copy=False)
            else:
                X = np.ascontiguousarray(self._X, dtype=dtype)
            self._converted[dtype] = X, np.ascontiguousarray(self._y, dtype=dtype)
        return self._converted[dtype]


def _train_one(
    network: Network,
    member: Member,
    rows: _Rows,
    validation: _Rows | None,
    dtype: np.dtype[Any],
    monitor: Monitor,
    index: int,
) -> Fit:
    is_lbfgs = isinstance(member.solver, Lbfgs)
    dtype = np.dtype(np.float64) if is_lbfgs else dtype
    X, y = rows.of(dtype)
    y = _own(y, member)
    held_out = None
    if validation is not None:
        X_val, y_val = validation.of(dtype)
        held_out = Validation(X_val, _own(y_val, member), validation.weights)
    judge = judge_of(network, member, X, y, held_out, partial(forward, network))
    if is_lbfgs:
        return train_lbfgs(network, member, X, y, monitor, index, judge)
    return train_stochastic(network, member, X, y, dtype, monitor, index, judge)


def _own(y: NDArray[Any], member: Member) -> NDArray[Any]:
    """Return the columns of y that are the member's target."""
    return y if member.target is None else y[:, [member.target]]

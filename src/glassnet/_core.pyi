"""The native engine: the C++ module that core/ builds. Arrays, in C order, go in and come out.

n rows, d features, k outputs, p parameters, m members, q columns.
"""

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

_Single: TypeAlias = NDArray[np.float32]
_Double: TypeAlias = NDArray[np.float64]
_Floats: TypeAlias = _Single | _Double
# Classes (n,), labels (n, k), numbers (n, k).
_Targets: TypeAlias = NDArray[np.int32] | NDArray[np.uint8] | NDArray[np.bool_] | _Double

def isa() -> str: ...
def isas_available() -> list[str]: ...
def default_threads() -> int: ...
def is_finite(X: _Floats, n_threads: int = 1) -> bool: ...

class Network:
    def __init__(
        self,
        layer_sizes: list[int],
        activation: str = "relu",  # identity, logistic, tanh, relu, leaky_relu, elu, ...
        output: str = "softmax",  # softmax, logistic, identity, exp
    ) -> None: ...
    @property
    def n_parameters(self) -> int: ...

class Rows:
    @staticmethod
    def dense(X: _Floats, single: bool, n_threads: int = 1) -> Rows: ...
    @staticmethod
    def csr(
        data: _Floats,
        indices: NDArray[np.int32],
        indptr: NDArray[np.int32] | NDArray[np.int64],
        n_features: int,
    ) -> Rows: ...
    @property
    def n(self) -> int: ...
    @property
    def n_features(self) -> int: ...
    @property
    def single(self) -> bool: ...
    @property
    def filled(self) -> float: ...
    @property
    def skips_zeros(self) -> bool: ...

class Member:
    def __init__(
        self,
        *,
        solver: str,  # sgd, adam, adamw
        learning_rate_init: float = 0.001,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        schedule: str = "constant",  # constant, invscaling, adaptive, cosine, one_cycle
        power_t: float = 0.5,
        alpha: float = 1e-4,
        max_iter: int = 200,
        tol: float = 1e-4,
        n_iter_no_change: float = 10.0,
        batch_size: int = 200,
        shuffle: bool = True,
        rows: NDArray[np.int64] | None = None,
        validation_rows: NDArray[np.int64] | None = None,
        row_weights: NDArray[np.float64] | None = None,
        target: int | None = None,
        weight_decay: float = 0.0,
        warmup_steps: int = 0,
        total_steps: int = 0,
        label_smoothing: float = 0.0,
        clip_norm: float = ...,
        dropout: float = 0.0,
        dropout_seed: int = 0,
        key: NDArray[np.uint32],
        pos: int,
        theta: _Floats,
        learning_rate: float,
        steps: int = 0,
        first: _Floats | None = None,
        second: _Floats | None = None,
        best_loss: float = ...,
        best_score: float = ...,
        best_parameters: _Floats | None = None,
        epochs_without_improvement: int = 0,
        rows_seen: int = 0,
        validation_stops: bool = True,
        scores_training: bool = False,
        scored_by_listener: bool = False,
        ledger_losses: _Single | None = None,  # (max_iter, n), written
        ledger_rights: NDArray[np.uint8] | None = None,  # (max_iter, ceil(n / 8)), written
    ) -> None: ...

class _Monitor(Protocol):
    wants_parameters: bool
    def epoch_ends(
        self,
        member: int,
        epoch: int,
        loss: float,
        score: float | None,
        parameters: _Double | None,  # (p,), where they are wanted
    ) -> Any: ...
    def score(self, member: int, training: bool, parameters: _Double) -> float: ...
    def plateau(self, member: int, learning_rate: float | None) -> Any: ...

def train(
    network: Network,
    rows: Rows,
    y: _Targets,
    members: Sequence[Member],
    n_threads: int = 1,
    monitor: _Monitor | None = None,
    X_val: Rows | None = None,
    y_val: _Targets | None = None,
    weights_val: _Double | None = None,
) -> list[dict[str, Any]]: ...  # (m,)

class Objective:
    def __init__(
        self,
        network: Network,
        rows: Rows,
        y: _Targets,
        alpha: float = 0.0,
        row_numbers: NDArray[np.int64] | None = None,
        row_weights: _Double | None = None,
        label_smoothing: float = 0.0,
        marks_rights: bool = False,
    ) -> None: ...
    # The loss; its gradient (p,) is written into the second array, each row's loss and
    # whether it is right, (1, n) and (1, ceil(n / 8)), where there are arrays for them.
    @overload
    def evaluate(
        self,
        theta: _Single,
        gradient: _Single,
        n_threads: int = 1,
        losses: _Single | None = None,
        rights: NDArray[np.uint8] | None = None,
    ) -> float: ...
    @overload
    def evaluate(
        self,
        theta: _Double,
        gradient: _Double,
        n_threads: int = 1,
        losses: _Single | None = None,
        rights: NDArray[np.uint8] | None = None,
    ) -> float: ...

class LinearProductsSingle:
    def __init__(self, rows: Rows, q: int) -> None: ...
    def scores(self, V: _Single, n_threads: int = 1) -> _Single: ...
    def adjoint(self, R: _Single, intercept: bool = False, n_threads: int = 1) -> _Single: ...
    def look(
        self,
        V: _Single,
        before: Sequence[_Double | None],  # of each model, here and below, (n, q)
        Y: Sequence[_Double],
        row_weights: Sequence[_Double],  # (n,)
        scores: Sequence[_Double],  # written, as the probabilities are
        probabilities: Sequence[_Double],
        softmax: bool,
        n_threads: int = 1,
    ) -> tuple[_Single, list[float]]: ...
    def solve(
        self,
        values: _Single,
        kind: str,  # diagonal, softmax
        row_weights: _Double | None,
        penalty: _Single,
        rhs: _Single,
        preconditioners: Sequence[_Single],  # of each column: L' (p, p), or a diagonal (p,)
        tolerances: Sequence[float],  # of each system: one, or as many as columns
        limit: int,
        n_threads: int = 1,
    ) -> tuple[_Single, list[int]]: ...

class LinearProductsDouble:
    def __init__(self, rows: Rows, q: int) -> None: ...
    def scores(self, V: _Double, n_threads: int = 1) -> _Double: ...
    def adjoint(self, R: _Double, intercept: bool = False, n_threads: int = 1) -> _Double: ...
    def look(
        self,
        V: _Double,
        before: Sequence[_Double | None],  # of each model, here and below, (n, q)
        Y: Sequence[_Double],
        row_weights: Sequence[_Double],  # (n,)
        scores: Sequence[_Double],  # written, as the probabilities are
        probabilities: Sequence[_Double],
        softmax: bool,
        n_threads: int = 1,
    ) -> tuple[_Double, list[float]]: ...
    def solve(
        self,
        values: _Double,
        kind: str,  # diagonal, softmax
        row_weights: _Double | None,
        penalty: _Double,
        rhs: _Double,
        preconditioners: Sequence[_Double],  # of each column: L' (p, p), or a diagonal (p,)
        tolerances: Sequence[float],  # of each system: one, or as many as columns
        limit: int,
        n_threads: int = 1,
    ) -> tuple[_Double, list[int]]: ...

@overload
def predict(
    network: Network,
    coefs: Sequence[NDArray[Any]],
    intercepts: Sequence[NDArray[Any]],
    X: _Floats,
    n_threads: int = 1,
    raw: bool = False,
) -> NDArray[Any]: ...  # (n, k), in the dtype of the coefs
@overload
def predict(
    network: Network,
    coefs: Sequence[NDArray[Any]],
    intercepts: Sequence[NDArray[Any]],
    rows: Rows,
    n_threads: int = 1,
    raw: bool = False,
) -> NDArray[Any]: ...  # (n, k), in the dtype of the coefs

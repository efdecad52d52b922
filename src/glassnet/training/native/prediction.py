"""Forward passes in the core."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from glassnet import _core
from glassnet.model import Network
from glassnet.training.native.arrays import as_read, rows_as_read
from glassnet.training.native.members import ACTIVATIONS, OUTPUTS
from glassnet.training.native.rows import rows_of
from glassnet.training.reference import forward_layers


def predict(
    network: Network,
    coefs: Sequence[NDArray[Any]],
    intercepts: Sequence[NDArray[Any]],
    X: Any,
    dtype: np.dtype[Any],
    n_threads: int,
    raw: bool = False,
) -> NDArray[Any]:
    """Propagate rows through a net; see `Engine.predict`."""
    if network.activation not in ACTIVATIONS or network.output not in OUTPUTS:
        return forward_layers(network, coefs, intercepts, X, raw=raw)
    shape = _core.Network(list(network.layer_sizes), network.activation, network.output)
    layers = [as_read(coef, dtype) for coef in coefs]
    starts = [as_read(intercept, dtype) for intercept in intercepts]
    is_sparse = scipy.sparse.issparse(X)
    rows: Any = rows_of(X, dtype, n_threads) if is_sparse else rows_as_read(X, dtype)
    outputs = _core.predict(shape, layers, starts, rows, n_threads, raw)
    return outputs.astype(np.result_type(X.dtype, coefs[0].dtype), copy=False)

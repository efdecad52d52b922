"""Rows and targets as the core reads them."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from glassnet import _core
from glassnet.model import Network


def rows_of(X: Any, dtype: np.dtype[Any], n_threads: int) -> _core.Rows:
    """Return X as the core reads it, without a copy where it has the dtype and C order."""
    if scipy.sparse.issparse(X):
        csr = X.tocsr()
        return _core.Rows.csr(
            np.ascontiguousarray(csr.data, dtype=dtype),
            np.ascontiguousarray(csr.indices, dtype=np.int32),
            np.ascontiguousarray(csr.indptr),
            csr.shape[1],
        )
    if not is_read_as_it_lies(X):
        X = np.array(X, dtype=dtype, order="C")
    return _core.Rows.dense(X, dtype == np.float32, n_threads)


def is_read_as_it_lies(X: NDArray[Any]) -> bool:
    """Say whether the core can read rows X (n, d) in their own memory."""
    is_of_floats = X.dtype in (np.float32, np.float64)
    return is_of_floats and X.flags.c_contiguous and X.flags.aligned


def targets_of(network: Network, y: NDArray[Any]) -> NDArray[Any]:
    """Return y as the core reads it: classes of a softmax, labels of one byte, or numbers."""
    if network.output == "softmax":
        return np.ascontiguousarray(y.argmax(axis=1), dtype=np.int32)
    dtype = np.uint8 if network.out.is_of_classes else np.float64
    return np.ascontiguousarray(y, dtype=dtype)

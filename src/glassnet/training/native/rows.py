"""Rows and targets as the core reads them."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from glassnet import _core
from glassnet.model import Network
from glassnet.training.native.arrays import as_read, rows_as_read


def rows_of(X: Any, dtype: np.dtype[Any], n_threads: int) -> _core.Rows:
    """Return X as the core reads it, without a copy where it has the dtype and C order."""
    if scipy.sparse.issparse(X):
        csr = X.tocsr()
        return _core.Rows.csr(
            as_read(csr.data, dtype),
            as_read(csr.indices, np.int32),
            as_read(csr.indptr, csr.indptr.dtype),
            csr.shape[1],
        )
    return _core.Rows.dense(rows_as_read(X, dtype), dtype == np.float32, n_threads)


def targets_of(network: Network, y: NDArray[Any]) -> NDArray[Any]:
    """Return y as the core reads it: classes of a softmax, labels of one byte, or numbers."""
    if network.output == "softmax":
        return np.ascontiguousarray(y.argmax(axis=1), dtype=np.int32)
    dtype = np.uint8 if network.out.is_of_classes else np.float64
    return as_read(y, dtype)

"""Arrays as the core takes them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray


def as_read(values: ArrayLike, dtype: DTypeLike) -> NDArray[Any]:
    """Return values in C order, of the dtype and at addresses that are whole numbers of elements.

    They are copied where that is not so; NumPy can read an array at any address, the core cannot.
    """
    array = np.ascontiguousarray(values, dtype=dtype)
    return array if array.flags.aligned else array.copy()


def rows_as_read(X: NDArray[Any], dtype: DTypeLike) -> NDArray[Any]:
    """Return rows X (n, d) as they are, where the core can read them, or else in the dtype.

    The core reads rows of either float, and converts them as it goes.
    """
    is_of_floats = X.dtype in (np.float32, np.float64)
    return X if is_of_floats and X.flags.c_contiguous and X.flags.aligned else as_read(X, dtype)

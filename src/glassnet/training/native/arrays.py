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

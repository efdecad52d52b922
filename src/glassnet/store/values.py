"""The plain values of model files: the types that have a name, and the arrays' types."""

from __future__ import annotations

__all__ = ["DTYPE_NAMES", "MANY", "TENSOR_KINDS", "TYPES", "TYPE_NAMES"]

from typing import Any

import numpy as np

# NumPy's kinds of arrays that safetensors holds.
TENSOR_KINDS = "biuf"
_WHOLE = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
DTYPE_NAMES = frozenset([*_WHOLE, "float16", "float32", "float64", "bool", "object"])
# A list of so many floats takes less room as an array than as text.
MANY = 16
# Types that parameters name, such as OneHotEncoder(dtype=np.float64).
TYPES: dict[str, Any] = {
    **{name: getattr(np, name) for name in sorted(DTYPE_NAMES - {"bool", "object"})},
    "numpy.bool": np.bool_,
    "numpy.number": np.number,
    "numpy.integer": np.integer,
    "numpy.floating": np.floating,
    "bool": bool,
    "int": int,
    "float": float,
    "str": str,
    "object": object,
}
TYPE_NAMES: dict[Any, str] = {each: name for name, each in TYPES.items()}

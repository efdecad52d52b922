"""Results as plain JSON types."""

from __future__ import annotations

__all__ = ["Plain"]

from typing import Any

import msgspec
import numpy as np


class Plain:
    """Gives a frozen dataclass its ``to_dict()``; holds nothing itself."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain JSON types.

        Returns
        -------
        dict
            Only dict, list, str, int, float, bool and None: tuples and arrays become lists, and a
            number that is not finite becomes None, because JSON has no word for it.
        """
        return msgspec.json.decode(msgspec.json.encode(self, enc_hook=_encode_numpy))


def _encode_numpy(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} has no plain JSON type")

"""The data of a page's explorers: one compact JSON text that no browser takes for markup."""

from __future__ import annotations

__all__ = ["Payload"]

import base64
import json
from typing import Any, final

import numpy as np
import numpy.typing as npt

from glassnet.report.examples import ExampleColumn, Examples, Predictions
from glassnet.report.explorers import Explorer
from glassnet.report.sprites import Sprite, sprite_of

# Inside <script>, "<" could begin a tag or a comment that ends it; U+2028 is there for old readers.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@final
class Payload:
    """Collects what the explorers of a page need; what several share is written once."""

    def __init__(self) -> None:
        self._shared: list[dict[str, Any]] = []
        self._numbers: dict[int, int] = {}
        self._sheets: dict[int, int] = {}
        self._kept: list[Any] = []  # so that no two of them can have one id
        self._blocks: list[dict[str, Any]] = []
        self.sprites: list[Sprite] = []

    def add(self, block: Explorer) -> int:
        """Take up a block and return its number."""
        self._blocks.append({"widget": block.widget, **block.payload(self.share)})
        return len(self._blocks) - 1

    def share(self, item: Any) -> int:
        """Take up an object that several blocks may use, and return its number."""
        if id(item) not in self._numbers:
            encoded = self._encoded(item)
            self._numbers[id(item)] = len(self._shared)
            self._kept.append(item)
            self._shared.append(encoded)
        return self._numbers[id(item)]

    def sprite(self, images: npt.NDArray[np.uint8]) -> int:
        """Take up pictures and return the number of their sheet."""
        if id(images) not in self._sheets:
            self._sheets[id(images)] = len(self.sprites)
            self._kept.append(images)
            self.sprites.append(sprite_of(images))
        return self._sheets[id(images)]

    def sprite_of(self, images: npt.NDArray[np.uint8]) -> tuple[int, Sprite]:
        """Return the sheet of pictures, with its number."""
        number = self.sprite(images)
        return number, self.sprites[number]

    @property
    def is_empty(self) -> bool:
        """Whether the page has nothing to explore."""
        return not self._blocks

    def json(self) -> str:
        """Return the data, safe to stand inside ``<script type="application/json">``."""
        sheets = [{"columns": sprite.columns} for sprite in self.sprites]
        data = {"shared": self._shared, "blocks": self._blocks, "sprites": sheets}
        text = json.dumps(
            data, default=_plain, allow_nan=False, ensure_ascii=False, separators=(",", ":")
        )
        return text.translate(_ESCAPES)

    def _encoded(self, item: Any) -> dict[str, Any]:
        match item:
            case Examples():
                return {
                    "classes": item.classes,
                    "numbers": item.numbers,
                    "truth": item.truth,
                    "sets": item.sets,
                    "setOf": item.set_of,
                    "sprite": None if item.images is None else self.sprite(item.images),
                    "columns": [_column(column) for column in item.columns],
                    "neighbours": item.neighbours,
                }
            case Predictions():
                # 1/65535 is finer than any figure on the page
                steps = np.rint(65535 * item.probabilities).astype(np.uint16)
                return {"name": item.name, "probabilities": steps, "assigned": item.assigned}
            case np.ndarray():
                return {"pictures": self.sprite(item)}
        raise TypeError(f"A page cannot share {type(item).__name__}.")


def _column(column: ExampleColumn) -> dict[str, Any]:
    return {"name": column.name, "values": column.values, "codes": column.codes}


def _plain(value: Any) -> Any:
    """Write an array as its type, shape and bytes (little endian), integers as small as can be."""
    if isinstance(value, np.generic):
        return value.item()
    if not isinstance(value, np.ndarray):
        raise TypeError(f"A page cannot hold {type(value).__name__}.")
    array = _smallest(value)
    little = array.astype(array.dtype.newbyteorder("<"))
    return {
        "type": f"{array.dtype.kind}{array.dtype.itemsize}",
        "shape": array.shape,
        "bytes": base64.b64encode(little.tobytes()).decode("ascii"),
    }


def _smallest(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if array.dtype.kind not in "iub":
        return array
    low, high = (int(array.min()), int(array.max())) if array.size else (0, 0)
    for kind in (np.uint8, np.int8, np.uint16, np.int16, np.int32):
        limits = np.iinfo(kind)
        if limits.min <= low and high <= limits.max:
            return array.astype(kind)
    return array.astype(np.float64)

"""What an attribute in a model file may be: small checks of type and size, put together."""

from __future__ import annotations

__all__ = [
    "COLUMNS",
    "FLAG",
    "INTEGER",
    "LABELS",
    "NAMES",
    "NOTHING",
    "NUMBER",
    "TEXT",
    "Array",
    "Kind",
    "ListOf",
    "Mapping",
    "OneOf",
    "Part",
    "Size",
    "Sizes",
    "TupleOf",
    "Word",
    "or_none",
]

import numbers
from dataclasses import dataclass
from typing import Any, Protocol, final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# What each letter of a part's shapes stands for, such as d features; filled as it is first met.
Sizes = dict[str, int]


class Kind(Protocol):
    """A type, and sizes that must agree within one part."""

    def fits(self, value: Any, sizes: Sizes) -> bool:
        """Say whether a value is of this kind; letters met for the first time enter `sizes`."""
        ...


def _agrees(letter: str | int | None, size: int, sizes: Sizes) -> bool:
    if isinstance(letter, str):
        return sizes.setdefault(letter, size) == size
    return letter is None or letter == size


@final
@dataclass(frozen=True)
class Plain:
    """A plain value of a Python type; NumPy's scalars count as theirs, bool not as a number."""

    type: type

    def fits(self, value: Any, sizes: Sizes) -> bool:
        """Say whether the value is an instance."""
        is_flag = isinstance(value, bool | np.bool_)
        return is_flag if self.type is bool else isinstance(value, self.type) and not is_flag


FLAG = Plain(bool)
INTEGER = Plain(numbers.Integral)
NUMBER = Plain(numbers.Real)
TEXT = Plain(str)
NOTHING = Plain(type(None))


@final
@dataclass(frozen=True)
class Word:
    """One of a few words."""

    words: frozenset[str]

    def fits(self, value: Any, sizes: Sizes) -> bool:
        """Say whether the value is one of them."""
        return isinstance(value, str) and value in self.words


@final
@dataclass(frozen=True)
class Size:
    """A whole number, not negative, that is the size a letter stands for."""

    letter: str

    def fits(self, value: Any, sizes: Sizes) -> bool:
        """Say whether it is the letter's size."""
        return INTEGER.fits(value, sizes) and value >= 0 and _agrees(self.letter, value, sizes)


@final
@dataclass(frozen=True)
class Array:
    """An array of one of NumPy's kinds ("f" floats, "i" and "u" integers, "b" flags, "O", "U").

    `shape` has a letter, a number or None (any size) for each axis. With `computes` the values are
    finite, in the single or double precision that nets compute in.
    """

    kinds: str
    shape: tuple[str | int | None, ...]
    computes: bool = False

    def fits(self, value: Any, sizes: Sizes) -> bool:
        """Say whether type and shape are right."""
        return (
            isinstance(value, np.ndarray)
            and value.dtype.kind in self.kinds
            and value.ndim == len(self.shape)
            and all(
                _agrees(letter, size, sizes)
                for letter, size in zip(self.shape, value.shape, strict=True)
            )
            and (not self.computes or _computes(value))
        )


def _computes(array: NDArray[Any]) -> bool:
    return array.dtype in (np.float32, np.float64) and bool(np.isfinite(array).all())


LABELS = Array("ifubOU", ("k",))
NAMES = Array("O", ("d",))


@final
@dataclass(frozen=True)
class ListOf:
    """A list of values of one kind, of any length or of a letter's."""

    kind: Kind
    length: str | None = None

    def fits(self, value: Any, sizes: Sizes) -> bool:
        """Say whether the list and all in it fit."""
        return (
            isinstance(value, list)
            and _agrees(self.length, len(value), sizes)
            and all(self.kind.fits(part, sizes) for part in value)
        )


@final
@dataclass(frozen=True)
class TupleOf:
    """A tuple of values of one kind."""

    kind: Kind

    def fits(self, value: Any, sizes: Sizes) -> bool:
        """Say whether the tuple and all in it fit."""
        return isinstance(value, tuple) and all(self.kind.fits(part, sizes) for part in value)


@final
@dataclass(frozen=True)
class Mapping:
    """A dict with keys of one kind and values of another."""

    key: Kind
    value: Kind

    def fits(self, value: Any, sizes: Sizes) -> bool:
        """Say whether the dict and all in it fit."""
        return isinstance(value, dict) and all(
            self.key.fits(key, sizes) and self.value.fits(part, sizes)
            for key, part in value.items()
        )


@final
@dataclass(frozen=True)
class Part:
    """An object of one of the given classes; the table of known classes decides what is in it."""

    classes: tuple[type, ...]

    def fits(self, value: Any, sizes: Sizes) -> bool:
        """Say whether it is an instance."""
        return isinstance(value, self.classes)


@final
@dataclass(frozen=True)
class OneOf:
    """Any of several kinds; the first that fits binds the letters."""

    kinds: tuple[Kind, ...]

    def fits(self, value: Any, sizes: Sizes) -> bool:
        """Say whether one of them fits."""
        for kind in self.kinds:
            tried = dict(sizes)
            if kind.fits(value, tried):
                sizes.update(tried)
                return True
        return False


@final
@dataclass(frozen=True)
class Columns:
    """Columns of a table as ColumnTransformer names them: names, positions, a slice, a mask."""

    def fits(self, value: Any, sizes: Sizes) -> bool:
        """Say whether the value names columns."""
        if isinstance(value, list | pd.Index):
            return all(isinstance(part, str | numbers.Integral) for part in value)
        if isinstance(value, np.ndarray):
            return value.ndim == 1 and value.dtype.kind in "iubOU"
        return isinstance(value, str | numbers.Integral | slice)


COLUMNS = Columns()


def or_none(kind: Kind) -> OneOf:
    """Return the kind or None."""
    return OneOf((NOTHING, kind))

"""JSON and arrays to objects: each is of a known class, checked, and nothing is run."""

from __future__ import annotations

__all__ = ["Decoder", "decoded"]

import re
import warnings
from collections.abc import Callable, Mapping
from typing import Any, final

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from glassnet.data.preprocessing_state import read_state
from glassnet.errors import ModelFileError, nearest_name
from glassnet.store.kinds import Sizes
from glassnet.store.known import Known
from glassnet.store.routing import set_requests
from glassnet.store.table import BY_NAME
from glassnet.store.values import DTYPE_NAMES, TENSOR_KINDS, TYPES

_TEXT_DTYPE = re.compile(r"U[0-9]{1,6}")
# Parameters that start processes or threads, and the most that a file may ask for.
_WORKERS = frozenset(["n_jobs", "n_threads"])
_MOST_WORKERS = 256
_SPARE_WIDTH = 64  # an array of text may be wider than its longest text by this


# What the parts of a broken file may raise when they are put together.
_FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def decoded(written: Any, arrays: Mapping[str, NDArray[Any]]) -> Any:
    """Return the object that JSON and arrays describe.

    Raises
    ------
    ModelFileError
        Where they describe none.
    """
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # deprecated parameters were warned of at their fit
            return Decoder(arrays).whole(written)
    except ModelFileError:
        raise
    except _FAULTS as error:
        reason = str(error) if isinstance(error, ValueError) else f"{type(error).__name__} {error}"
        raise ModelFileError(reason) from error


@final
class Decoder:
    """Reads one object.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        The arrays of the file.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._arrays, self._left = arrays, set(arrays)
        self._readers: dict[frozenset[str], Callable[[dict[str, Any]], Any]] = {
            frozenset(["class", "parameters", "fitted"]): self.part,
            frozenset(["class", "parameters", "fitted", "requests"]): self.part,
            frozenset(["class", "fitted"]): self.part,
            frozenset(["array"]): self._array,
            frozenset(["array", "order"]): self._array,
            frozenset(["sparse"]): lambda tag: sp.csr_matrix(self._array(tag["sparse"])),
            frozenset(["floats"]): self._floats,
            frozenset(["values", "dtype"]): self._labels,
            frozenset(["scalar", "dtype"]): self._scalar,
            frozenset(["float"]): lambda tag: _word(tag["float"], _FLOATS),
            frozenset(["tuple"]): lambda tag: tuple(self._list(tag["tuple"])),
            frozenset(["dict"]): self._dict,
            frozenset(["slice"]): self._slice,
            frozenset(["index"]): lambda tag: pd.Index(self._list(tag["index"])),
            frozenset(["dtype"]): lambda tag: _dtype(tag["dtype"]),
            frozenset(["type"]): lambda tag: _word(tag["type"], TYPES),
            frozenset(["random_state"]): lambda tag: self._random_state(tag["random_state"]),
            frozenset(["preprocessing"]): lambda tag: read_state(tag["preprocessing"]),
        }

    def whole(self, written: Any) -> Any:
        """Read the object that the file is of, and check that no array is left over."""
        thing = self.part(written)
        if self._left:
            left = ", ".join(sorted(name[:40] for name in self._left)[:4])
            raise ModelFileError(f"arrays that belong nowhere: {left}")
        return thing

    def part(self, written: Any) -> Any:
        """Read an object of a known class."""
        if not isinstance(written, dict) or not isinstance(written.get("class"), str):
            raise ModelFileError("it does not say of which class its object is")
        known = BY_NAME.get(written["class"])
        if known is None:
            name = written["class"][:60]
            raise ModelFileError(
                f"its class {name!r} is not one that a model file may hold"
                f"{nearest_name(name, BY_NAME)}"
            )
        thing = self._made(known, written.get("parameters", {}))
        fitted = written.get("fitted")
        if not isinstance(fitted, dict):
            raise ModelFileError(f"{known.name} lacks its fitted attributes")
        self._fill(thing, known, fitted)
        if "requests" in written:
            set_requests(thing, written["requests"])
        return thing

    def _made(self, known: Known, written: Any) -> Any:
        """Make an object of its parameters, which its own constraints check."""
        if not isinstance(written, dict) or not written.keys() <= known.parameters:
            unknown = sorted(set(written) - known.parameters)[:3]
            raise ModelFileError(f"{known.name} has no parameters {', '.join(unknown)[:80]}")
        if not known.is_estimator:
            return object.__new__(known.cls)
        parameters = {name: self._value(value) for name, value in written.items()}
        thing: Any = known.cls(**parameters)
        if hasattr(thing, "_parameter_constraints"):
            thing._validate_params()
        for name in _WORKERS & parameters.keys():
            if parameters[name] is not None and abs(parameters[name]) > _MOST_WORKERS:
                raise ModelFileError(f"{name} of {known.name} is more than {_MOST_WORKERS}")
        if known.check is not None:
            known.check(thing)
        return thing

    def _fill(self, thing: Any, known: Known, written: dict[str, Any]) -> None:
        """Set an object's attributes, once each is of its kind; None for a state left out."""
        kinds, sizes = known.kinds, Sizes()
        unknown = sorted(written.keys() - kinds.keys())
        if unknown:
            raise ModelFileError(f"{known.name} has no attribute {unknown[0][:40]!r}")
        is_fitted = not known.is_estimator or any(name in known.fitted for name in written)
        missing = sorted(known.fitted.keys() - written.keys()) if is_fitted else []
        if missing:
            raise ModelFileError(f"{known.name} lacks {', '.join(missing[:4])}")
        for name, value in written.items():
            read = self._value(value)
            if not kinds[name].fits(read, sizes):
                raise ModelFileError(
                    f"{name} of {known.name} is of another type or size than it must be"
                )
            _set(thing, known, name, read)
        if is_fitted:
            for name in known.state.keys() - written.keys():
                _set(thing, known, name, None)
            if known.complete is not None:
                known.complete(thing)

    def _value(self, written: Any) -> Any:
        if isinstance(written, list):
            return [self._value(part) for part in written]
        if not isinstance(written, dict):
            return written
        reader = self._readers.get(frozenset(written))
        if reader is None:
            raise ModelFileError(f"a value says {sorted(written)[:3]!r:.80}, which has no meaning")
        return reader(written)

    def _list(self, written: Any) -> list[Any]:
        if not isinstance(written, list):
            raise ModelFileError("a list is none")
        return [self._value(part) for part in written]

    def _dict(self, written: dict[str, Any]) -> dict[Any, Any]:
        pairs = [self._list(pair) for pair in written["dict"]]
        return {key: value for key, value in pairs}  # noqa: C416 -- refuses what are no pairs

    def _slice(self, written: dict[str, Any]) -> slice:
        start, stop, step = self._list(written["slice"])
        if not all(end is None or isinstance(end, int | str) for end in (start, stop, step)):
            raise ModelFileError("the ends of a slice are neither numbers nor names")
        return slice(start, stop, step)

    def _tensor(self, name: Any) -> NDArray[Any]:
        """Take an array, each once."""
        if not isinstance(name, str) or name not in self._left:
            raise ModelFileError(f"array {name!r:.60} is missing or named twice")
        self._left.remove(name)
        array = self._arrays[name]
        if array.dtype.kind == "b" and array.view(np.uint8).max(initial=0) > 1:
            raise ModelFileError(
                f"array {name[:60]!r} holds values that are neither true nor false"
            )
        return array

    def _array(self, written: Any) -> NDArray[Any]:
        array = self._tensor(written["array"])
        order = _word(written.get("order", "C"), {"C": "C", "F": "F"})
        return np.asarray(array, order=order)

    def _floats(self, written: dict[str, Any]) -> list[float]:
        array = self._tensor(written["floats"])
        if array.dtype != np.float64 or array.ndim != 1:
            raise ModelFileError("a list of floats is none")
        floats: list[float] = array.tolist()
        return floats

    def _labels(self, written: dict[str, Any]) -> NDArray[Any]:
        """Read an array of text, or of labels of mixed types."""
        values, name = self._list(written["values"]), written["dtype"]
        if name == "object":
            array = np.empty(len(values), dtype=object)
            for position, value in enumerate(values):
                if isinstance(value, list | dict | tuple | np.ndarray):
                    raise ModelFileError("a label is no number and no text")
                array[position] = value
            return array
        dtype = _dtype(name)
        if dtype.kind != "U" or not all(isinstance(value, str) for value in values):
            raise ModelFileError("labels are not of the type that it names")
        longest = max(map(len, values), default=0)
        width = max(longest, min(dtype.itemsize // 4, longest + _SPARE_WIDTH), 1)
        return np.array(values, dtype=f"U{width}")

    def _scalar(self, written: dict[str, Any]) -> Any:
        dtype, value = _dtype(written["dtype"]), self._value(written["scalar"])
        if dtype.kind not in TENSOR_KINDS or not isinstance(value, bool | int | float):
            raise ModelFileError("a number is none")
        return dtype.type(value)

    def _random_state(self, written: Any) -> np.random.RandomState:
        names = {"key", "pos", "has_gauss", "gauss"}
        if not isinstance(written, dict) or written.keys() != names:
            raise ModelFileError("a random state is none")
        key = self._value(written["key"])
        pos, has_gauss, gauss = (written[name] for name in ("pos", "has_gauss", "gauss"))
        # NumPy does not check these itself.
        if (
            not isinstance(key, np.ndarray)
            or key.dtype != np.uint32
            or key.shape != (624,)
            or type(pos) is not int
            or not 0 <= pos <= 624
            or has_gauss not in (0, 1)
            or not isinstance(gauss, float)
        ):
            raise ModelFileError("a random state is not one of MT19937")
        random_state = np.random.RandomState(0)
        random_state.set_state(("MT19937", key, pos, int(has_gauss), gauss))
        return random_state


_FLOATS = {"inf": np.inf, "-inf": -np.inf, "nan": np.nan}


def _set(thing: Any, known: Known, name: str, value: Any) -> None:
    object.__setattr__(thing, known.attributes.get(name, name), value)  # some are frozen


def _word(written: Any, known: dict[str, Any]) -> Any:
    if not isinstance(written, str) or written not in known:
        raise ModelFileError(f"{written!r:.60} is none of {', '.join(known)}")
    return known[written]


def _dtype(written: Any) -> np.dtype[Any]:
    if not isinstance(written, str) or not (
        written in DTYPE_NAMES or _TEXT_DTYPE.fullmatch(written)
    ):
        raise ModelFileError(f"{written!r:.60} is no type of NumPy that a model file may name")
    return np.dtype(written)

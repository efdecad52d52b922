"""Objects to JSON and arrays: what `decoding` reads back."""

from __future__ import annotations

__all__ = ["Encoder"]

import math
from typing import Any, final

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from glassnet.data.preprocessing_state import State, write_state
from glassnet.errors import DataError
from glassnet.store.known import Known
from glassnet.store.routing import requests_of
from glassnet.store.table import BY_CLASS, LISTED
from glassnet.store.values import DTYPE_NAMES, MANY, TENSOR_KINDS, TYPE_NAMES

# scikit-learn's own: what is asked of metadata is written as "requests", and callbacks are code
# that belongs to a session.
_ELSEWHERE = frozenset(["_metadata_request", "_skl_callbacks"])


@final
class Encoder:
    """Writes one object; its arrays gather in `tensors`, named after where they are in it."""

    def __init__(self, *, optimizer_state: bool) -> None:
        self.tensors: dict[str, NDArray[Any]] = {}
        self._optimizer_state = optimizer_state

    def part(self, thing: Any, place: str = "") -> dict[str, Any]:
        """Write an object of a known class.

        Raises
        ------
        DataError
            When its class is not known or it holds what a model file cannot.
        """
        known = BY_CLASS.get(type(thing))
        if known is None:
            raise DataError(_unknown(thing))
        written: dict[str, Any] = {"class": known.name}
        parameters: dict[str, Any] = {}
        if isinstance(thing, BaseEstimator):
            parameters = thing.get_params(deep=False)
            kept = {name: value for name, value in parameters.items() if name not in known.places}
            for name in known.places:
                if parameters.get(name) is not None:
                    raise DataError(
                        f"{name}={parameters[name]!r:.60} of {known.short_name} is a place on this "
                        f"machine, which a model file does not hold. Set {name}=None to save it."
                    )
            written["parameters"] = {
                name: self._value(value, _below(place, name), f"{name} of {known.short_name}")
                for name, value in kept.items()
            }
        written["fitted"] = self._fitted(thing, known, parameters, place)
        requests = requests_of(thing)
        if requests:
            written["requests"] = requests
        return written

    def _fitted(
        self, thing: Any, known: Known, parameters: dict[str, Any], place: str
    ) -> dict[str, Any]:
        """Write the attributes that are no parameters."""
        written = {}
        for attribute, value in vars(thing).items():
            if attribute in parameters or attribute in known.derived or attribute in _ELSEWHERE:
                continue
            name = known.names.get(attribute, attribute)
            if name in known.state and (value is None or not self._optimizer_state):
                continue
            if name not in known.kinds:
                raise DataError(
                    f"{known.short_name} has the attribute {attribute!r}, which a model file does "
                    f"not hold. Delete it (`del estimator.{attribute}`) to save the rest."
                )
            label = f"{attribute} of {known.short_name}"
            written[name] = self._value(value, _below(place, name), label)
        return written

    def _value(self, value: Any, place: str, label: str) -> Any:
        """Write one value; `label` says to the user what it is."""
        if isinstance(value, np.ndarray):
            return self._array(value, place, label)
        if isinstance(value, np.generic) and value.dtype.kind in "biufU":
            if value.dtype.kind == "U":
                return str(value)
            return {
                "scalar": self._value(value.item(), place, label),
                "dtype": value.dtype.name,
            }
        if isinstance(value, float) and not math.isfinite(value):
            return {"float": str(value)}
        if value is None or isinstance(value, bool | int | float | str):
            return value
        if isinstance(value, list) and len(value) >= MANY and set(map(type, value)) == {float}:
            return {"floats": self._array(np.array(value), place, label)["array"]}
        if isinstance(value, list | tuple):
            parts = [
                self._value(part, place if _is_step(value) else _below(place, name), label)
                for part, name in zip(value, _names_of(value), strict=True)
            ]
            return parts if isinstance(value, list) else {"tuple": parts}
        if isinstance(value, dict):
            return {
                "dict": [
                    [
                        self._value(key, _below(place, f"{position}.key"), label),
                        self._value(part, _below(place, f"{position}.value"), label),
                    ]
                    for position, (key, part) in enumerate(value.items())
                ]
            }
        return self._rarer(value, place, label)

    def _rarer(self, value: Any, place: str, label: str) -> Any:
        if isinstance(value, slice):
            return {
                "slice": [
                    self._value(end, place, label) for end in (value.start, value.stop, value.step)
                ]
            }
        if isinstance(value, np.random.RandomState):
            return {"random_state": self._random_state(value, place, label)}
        if isinstance(value, State):
            return {"preprocessing": write_state(value)}
        if isinstance(value, pd.Index) and value.nlevels == 1:
            return {"index": [self._value(part, place, label) for part in value.tolist()]}
        if isinstance(value, np.dtype) and value.name in DTYPE_NAMES:
            return {"dtype": value.name}
        if isinstance(value, np.dtype) and value.kind == "U":
            return {"dtype": f"U{value.itemsize // 4}"}
        if isinstance(value, type) and value in TYPE_NAMES:
            return {"type": TYPE_NAMES[value]}
        if sp.issparse(value):  # after `sparsify`
            return {"sparse": self._array(value.toarray(), place, label)}
        if isinstance(value, BaseEstimator) or type(value) in BY_CLASS:
            return self.part(value, place)
        if callable(value):
            raise DataError(
                f"{label} cannot be saved: it is a function ({_called(value)}), and a model file "
                "holds no code. Leave that step out and apply the function to the rows yourself, "
                "or give the parameter as a name or a list."
            )
        raise DataError(
            f"{label} cannot be saved: a model file holds no {type(value).__name__}. Use numbers, "
            "text or a list there."
        )

    def _array(self, value: NDArray[Any], place: str, label: str) -> dict[str, Any]:
        kind = value.dtype.kind
        if kind in TENSOR_KINDS and value.dtype.name in DTYPE_NAMES:
            place = self._free(place)
            # Native bytes in order "C"; a product of matrices may round otherwise in order "F".
            self.tensors[place] = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("="))
            is_turned = value.flags.f_contiguous and not value.flags.c_contiguous
            return {"array": place, "order": "F"} if is_turned else {"array": place}
        if kind not in "OU" or value.ndim != 1:
            raise DataError(
                f"{label} cannot be saved: a model file holds arrays of numbers and lists of "
                f"labels, not an array of type {value.dtype} and shape {value.shape}. Turn its "
                "values into numbers or text."
            )
        dtype = "object" if kind == "O" else f"U{value.itemsize // 4}"
        values = []
        for part in value.tolist():
            if not (part is None or isinstance(part, bool | int | float | str)):
                raise DataError(
                    f"{label} cannot be saved: a model file holds labels that are numbers or text, "
                    f"not {type(part).__name__}. Turn them into one of these."
                )
            values.append(self._value(part, place, label))
        return {"values": values, "dtype": dtype}

    def _random_state(self, value: np.random.RandomState, place: str, label: str) -> dict[str, Any]:
        state: dict[str, Any] = value.get_state(legacy=False)
        if state["bit_generator"] != "MT19937":
            raise DataError(
                f"{label} cannot be saved: a model file holds random states of MT19937, not of "
                f"{state['bit_generator']}. Use RandomState(seed) or an int."
            )
        return {
            "key": self._array(np.asarray(state["state"]["key"]), _below(place, "key"), label),
            "pos": int(state["state"]["pos"]),
            "has_gauss": int(state["has_gauss"]),
            "gauss": float(state["gauss"]),
        }

    def _free(self, wanted: str) -> str:
        """Return a name for an array that is not taken yet."""
        name, count = wanted, 1
        while name in self.tensors:
            name, count = f"{wanted}~{count}", count + 1
        return name


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _is_step(value: Any) -> bool:
    """Whether a value is a step of a pipeline or a part of a ColumnTransformer: (name, part, …)."""
    return isinstance(value, tuple) and len(value) > 1 and isinstance(value[0], str)


def _names_of(values: list[Any] | tuple[Any, ...]) -> list[str]:
    """Name the parts of a list: steps by their own names, others by their positions."""
    return [part[0] if _is_step(part) else str(i) for i, part in enumerate(values)]


def _called(function: Any) -> str:
    return str(getattr(function, "__name__", type(function).__name__))[:60]


def _unknown(thing: Any) -> str:
    """Say why an object cannot be saved."""
    name = type(thing).__name__
    if BY_CLASS.keys() & set(type(thing).__mro__):
        name = f"{name} (a class of your own)"
    home = type(thing).__module__.split(".")[0]
    whose = f" of {home}" if home == "sklearn" else ""
    return (
        f"{name}{whose} cannot be saved: a model file holds {LISTED}. "
        "Replace it by one of these, or save what is around it alone."
    )

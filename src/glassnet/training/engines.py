"""Which engines there are, and which one trains."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec

from glassnet.errors import DataError
from glassnet.training.engine import Engine
from glassnet.training.reference import ReferenceEngine

CHOICE = "GLASSNET_ENGINE"


def _native(n_threads: int | None) -> Engine:
    from glassnet.training.native import NativeEngine

    return NativeEngine(n_threads)


def _reference(n_threads: int | None) -> Engine:
    return ReferenceEngine()


# The best first.
ENGINES: dict[str, Callable[[int | None], Engine]] = {"native": _native, "reference": _reference}


@cache
def available_engines() -> tuple[str, ...]:
    """Return the names of the engines that can run here, the best first.

    The native engine is there where its module was built.
    """
    has_core = find_spec("glassnet._core") is not None
    return tuple(name for name in ENGINES if name != "native" or has_core)


def choose_engine(n_threads: int | None = None) -> Engine:
    """Return the engine to train with.

    The environment variable ``GLASSNET_ENGINE`` names one; by default it is the best there is.

    Parameters
    ----------
    n_threads : int or None, default=None
        Threads that it may use; None for the cores that this process may use. The reference
        engine uses one, but for products that are large enough for its BLAS to share.

    Raises
    ------
    DataError
        If the variable names an engine that is not there.
    """
    there = available_engines()
    name = os.environ.get(CHOICE) or there[0]
    if name not in there:
        raise DataError(
            f"{CHOICE} is {name!r}, but the engines here are {' and '.join(there)}. "
            "Unset it, or install glassnet where a C++20 compiler is found."
        )
    return ENGINES[name](n_threads)

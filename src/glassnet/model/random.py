"""Random streams: scikit-learn's, without the wait for randomness that is not used."""

from __future__ import annotations

import ctypes
from functools import cache
from numbers import Integral
from typing import Any, final

import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import NDArray
from sklearn.utils import check_random_state

__all__ = ["mt19937_state", "random_state_of", "set_mt19937_state"]

_Words = ctypes.c_uint32 * 625
_pointer_of = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)


@final
class _Blank(ISeedSequence):
    """Seeds a bit generator that is seeded anew before its first use."""

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> Any:
        return [1] * n_words  # NumPy reads word by word, which takes ten times longer of an array


def random_state_of(seed: Any) -> np.random.RandomState:
    """Return the random stream of a `random_state` parameter.

    The streams are those of scikit-learn's `check_random_state`. ``RandomState(seed)`` first
    mixes a state from the system's entropy and then throws it away, which takes as long as a
    dozen steps of a small net; here that is left out.

    Parameters
    ----------
    seed : int, RandomState or None
        An int starts a stream of its own; a RandomState is returned as it is; None is NumPy's
        global one.

    Examples
    --------
    >>> random_state_of(7).randint(1000) == np.random.RandomState(7).randint(1000)
    True
    """
    if isinstance(seed, Integral):
        blank: Any = _Blank()
        stream = np.random.RandomState(np.random.MT19937(blank))
        stream.seed(int(seed))
        return stream
    return check_random_state(seed)


def mt19937_state(stream: np.random.RandomState) -> tuple[NDArray[np.uint32], int]:
    """Return the 624 words of a stream's Mersenne twister, and its position among them.

    NumPy copies them one by one, as Python's numbers, which takes as long as an epoch of a small
    net. They are read where they lie, once it is clear that they lie there.
    """
    generator: Any = stream._bit_generator
    return _read(generator) if _lies_as_expected() else _told(generator)


def set_mt19937_state(stream: np.random.RandomState, key: NDArray[np.uint32], pos: int) -> None:
    """Move a stream on; the normal number that may wait beside it stays."""
    generator: Any = stream._bit_generator
    if _lies_as_expected():
        _write(generator, key, pos)
    else:
        generator.state = {"bit_generator": "MT19937", "state": {"key": key, "pos": pos}}


def _words_of(generator: Any) -> Any:
    """Return the words where they lie: what NumPy's `bitgen_t` begins with is their address."""
    interface = _pointer_of(generator.capsule, b"BitGenerator")
    return _Words.from_address(ctypes.c_size_t.from_address(interface).value)


def _read(generator: Any) -> tuple[NDArray[np.uint32], int]:
    words = _words_of(generator)
    return np.frombuffer(bytes(words), np.uint32, 624), int(words[624])


def _write(generator: Any, key: NDArray[np.uint32], pos: int) -> None:
    words = _words_of(generator)
    with generator.lock:
        np.frombuffer(words, np.uint32)[:624] = key
        words[624] = pos


def _told(generator: Any) -> tuple[NDArray[np.uint32], int]:
    state = generator.state["state"]
    return np.ascontiguousarray(state["key"], dtype=np.uint32), int(state["pos"])


@cache
def _lies_as_expected() -> bool:
    """Say whether the words, and then the position, are what lies at the state's address."""
    generator = np.random.MT19937(0)
    generator.random_raw(7)
    (key, pos), (read_key, read_pos) = _told(generator), _read(generator)
    return pos == read_pos and bool((key == read_key).all())

"""Which hidden units a step leaves out: the same in every engine, for any number of threads.

Each unit of each row is decided by a hash of where it stands, and not by a draw from a stream,
whose order threads would have to agree on::

    seed    from the member's random state, once a call, and the rows seen before
    step    key_after(seed, step)                    the steps of this call, from 0
    layer   key_after(step's key, layer)             hidden layers, from 0
    row     key_after(layer's key, row)              the row's place in its batch
    unit    mixed(mixed(unit ^ low 32 bits) + high 32 bits)   below p 2^32: left out

`key_after` is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
OOPSLA 2014), `mixed` the last mix of MurmurHash3 (Appleby, 2011); both are bijections that any bit
of their argument turns half of. core/training/dropout.hpp has the same.
"""

from __future__ import annotations

from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from glassnet.model import Member

__all__ = ["Dropout", "dropout_seed"]

_WORD = (1 << 64) - 1


def dropout_seed(member: Member) -> int:
    """Draw the seed of a member's dropout from its random state, which moves on by one word.

    Without dropout nothing is drawn, and the result is 0.
    """
    if member.dropout == 0:
        return 0
    drawn = int(member.random_state.randint(1 << 32, dtype=np.uint32))
    return key_after(drawn, member.progress.rows_seen)


def key_after(key: int, count: int) -> int:
    """Return the number of SplitMix64 that comes `count` after the first of `key`."""
    return int(_keys_after(key, np.array([count], np.uint64))[0])


def _keys_after(key: int, counts: NDArray[np.uint64]) -> NDArray[np.uint64]:
    z = (counts + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    z += np.uint64(key & _WORD)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def _mixed(x: NDArray[np.uint32]) -> NDArray[np.uint32]:
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    x = (x ^ (x >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return x ^ (x >> np.uint32(16))


@final
class Dropout:
    """The units that are left out, each with probability p, while the others grow by 1 / (1 - p).

    So that the expected input of the next layer stays what it is when none is left out, as in
    predicting. (Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout: a simple way
    to prevent neural networks from overfitting", Journal of Machine Learning Research 15, 2014; the
    scaling in training is the "inverted" form.)

    Parameters
    ----------
    share : float
        The probability p, in (0, 1).
    seed : int
        From `dropout_seed`.
    """

    def __init__(self, share: float, seed: int) -> None:
        self._below = np.uint32(int(share * 2**32))
        self._scale = 1 / (1 - share)
        self._seed, self._step, self._key = seed, 0, 0

    def step_begins(self) -> None:
        """Go on to the next step."""
        self._key = key_after(self._seed, self._step)
        self._step += 1

    def factors(self, layer: int, shape: tuple[int, int], dtype: np.dtype[Any]) -> NDArray[Any]:
        """Return 0 or 1 / (1 - p) for each row and unit (n, h) of a hidden layer."""
        rows = np.arange(shape[0], dtype=np.uint64)
        keys = _keys_after(key_after(self._key, layer), rows)[:, np.newaxis]
        low, high = keys.astype(np.uint32), (keys >> np.uint64(32)).astype(np.uint32)
        units = np.arange(shape[1], dtype=np.uint32)
        hashes = _mixed(_mixed(units ^ low) + high)
        return np.where(hashes < self._below, dtype.type(0), dtype.type(self._scale))

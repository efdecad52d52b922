"""Random streams: scikit-learn's, without the wait for randomness that is not used."""

from __future__ import annotations

from numbers import Integral
from typing import Any, final

import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import NDArray
from sklearn.utils import check_random_state

__all__ = ["random_state_of"]


@final
class _Blank(ISeedSequence):
    """Seeds a bit generator that is seeded anew before its first use."""

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> NDArray[Any]:
        return np.ones(n_words, dtype)


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

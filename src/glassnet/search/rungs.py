"""When hopeless candidates are stopped: successive halving over epochs."""

from __future__ import annotations

__all__ = ["SHARES", "n_kept", "shares"]

import math


def shares(factor: float | None, n_candidates: int) -> tuple[float, ...]:
    """Return the shares of the epochs after which candidates are compared, the last one 1.

    Each comparison keeps one candidate in `factor`, and what is kept is trained `factor` times as
    long; there are as many as leave a few to the end, and no more than start at a ninth of the
    epochs (with a factor of 3), because a ranking of nets that have hardly begun says little.
    (Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter
    optimization", AISTATS 2016.)

    Parameters
    ----------
    factor : float or None
        Above 1; None compares only at the end.
    n_candidates : int
        How many begin.

    Examples
    --------
    >>> [round(share, 3) for share in shares(3, 60)]
    [0.111, 0.333, 1.0]
    >>> shares(None, 60)
    (1.0,)
    """
    if factor is None:
        return (1.0,)
    n_cuts = min(SHARES, int(math.log(max(n_candidates, 1), factor)))
    return tuple(float(factor) ** -i for i in range(n_cuts, -1, -1))


# Comparisons before the last one.
SHARES = 2


def n_kept(n: int, factor: float) -> int:
    """Return how many of n candidates go on."""
    return max(1, math.ceil(n / factor))

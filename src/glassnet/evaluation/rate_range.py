"""Which learning rates a net can be trained with: the range test's losses, judged."""

from __future__ import annotations

__all__ = ["RateRange", "judge_rates"]

from dataclasses import dataclass
from typing import final

import numpy as np
import numpy.typing as npt

from glassnet.errors import DataError
from glassnet.evaluation.plain import Plain

LEARNT_SHARE, USABLE_SHARE, BELOW_BEST = 0.05, 0.5, 3.0


@final
@dataclass(frozen=True, eq=False)
class RateRange(Plain):
    """The losses after a few epochs at many rates, and what follows from them.

    Attributes
    ----------
    rates : ndarray (m,)
        The rates that were tried, ascending.
    losses : ndarray (m,)
        Training loss after `epochs` epochs at each; infinite where training diverged.
    epochs : int
        Epochs at each rate.
    baseline_loss : float
        Loss of always answering with the classes' shares.
    low, best, high : float or None
        The smallest rate that learnt anything, the one of the lowest loss, and the largest that
        still learnt half as much; None where none learnt.
    suggested : float or None
        A third of `best`, to one digit: half an order of magnitude away from where it breaks.
    """

    rates: npt.NDArray[np.float64]
    losses: npt.NDArray[np.float64]
    epochs: int
    baseline_loss: float
    low: float | None
    best: float | None
    high: float | None
    suggested: float | None

    def sentence(self) -> str:
        """Return in words what the test shows."""
        tried = f"rates from {self.rates[0]:g} to {self.rates[-1]:g}, {self.epochs} epochs each"
        if self.best is None:
            return (
                f"None of the {tried}, removed a twentieth of the loss of "
                f"{self.baseline_loss:.3g} that the classes' shares alone give: scale the columns, "
                "or give it more epochs."
            )
        lowest = float(np.min(self.losses))
        edge = (
            f"above {self.high:.2g} training breaks down"
            if self.high is not None and self.high < self.rates[-1]
            else "no rate was too large"
        )
        return (
            f"Of the {tried}, {self.low:.2g} is the smallest that learns, {self.best:.2g} learns "
            f"fastest (loss {lowest:.3g}), and {edge}. A rate of {self.suggested:g} keeps a "
            "distance."
        )


def judge_rates(
    rates: npt.ArrayLike, losses: npt.ArrayLike, *, epochs: int, baseline_loss: float
) -> RateRange:
    """Judge the losses of a range test.

    A rate learns where it removes 5 % of the baseline loss. The best one has the lowest loss. The
    range ends with the last rate after it, without a gap, that still removes half of what the best
    one does. A third of the best rate is suggested: on digits, X.csv, iris, wine and breast
    cancer, with sgd and adam, logistic and relu units, the best rate of 5 to 60 epochs was within a
    factor of two of the best one of 60 to 150 epochs in 14 of 15 cases, and training broke down
    at 1.8 to 10 times the best rate.

    Parameters
    ----------
    rates : array-like (m,)
        Ascending rates.
    losses : array-like (m,)
        The training loss after so many epochs at each; anything not finite where it diverged.
    epochs : int
        Epochs at each.
    baseline_loss : float
        Loss of always answering with the classes' shares, -Σ p ln p.

    Returns
    -------
    RateRange

    Raises
    ------
    DataError
        If the rates are not ascending positive numbers, one a loss.

    Examples
    --------
    >>> found = judge_rates([0.01, 0.1, 1, 10], [1.0, 0.6, 0.1, 9.0], epochs=5, baseline_loss=1.1)
    >>> found.low, found.best, found.high, found.suggested
    (0.01, 1.0, 1.0, 0.3)
    """
    tried = np.asarray(rates, dtype=np.float64)
    after = np.asarray(losses, dtype=np.float64)
    is_ascending = (
        tried.ndim == 1 and tried.size > 1 and tried[0] > 0 and np.all(np.diff(tried) > 0)
    )
    if not is_ascending or tried.shape != after.shape or not np.isfinite(tried).all():
        raise DataError(
            f"A range test needs two or more ascending rates above 0 and a loss for each, not "
            f"{tried.tolist()} with {after.size} losses."
        )
    after = np.where(np.isfinite(after), after, np.inf)
    learns = after <= (1 - LEARNT_SHARE) * baseline_loss
    low = best = high = suggested = None
    if learns.any():
        i = int(np.argmin(after))
        usable = baseline_loss - after >= USABLE_SHARE * (baseline_loss - after[i])
        broken = np.flatnonzero(~usable[i:])
        last = i + int(broken[0]) - 1 if broken.size else len(tried) - 1
        low, best, high = float(tried[np.argmax(learns)]), float(tried[i]), float(tried[last])
        suggested = float(f"{best / BELOW_BEST:.0e}")
    return RateRange(tried, after, int(epochs), float(baseline_loss), low, best, high, suggested)

"""Success rates: how many rows of each class got their own label, and how sure that share is."""

from __future__ import annotations

__all__ = ["ClassRate", "SuccessRates", "success_rates"]

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from glassnet.errors import DataError
from glassnet.evaluation.intervals import wilson_interval
from glassnet.evaluation.labels import class_positions, names_of
from glassnet.evaluation.plain import Plain


@dataclass(frozen=True)
class ClassRate(Plain):
    """The success rate of one class.

    Attributes
    ----------
    label : str
        What the class is called.
    rows : int
        Rows whose true label it is.
    correct : int
        Those of them that got this label.
    rate : float or None
        correct / rows; None for a class without rows, of which nothing can be said.
    low, high : float
        95 % Wilson interval of the rate; (0, 1) for a class without rows.
    """

    label: str
    rows: int
    correct: int
    rate: float | None
    low: float
    high: float

    def sentence(self) -> str:
        """Return the rate in words."""
        if self.rate is None:
            return f"{self.label}: no rows"
        return (
            f"{self.label}: {self.rate:.3f}, {self.correct} of {self.rows} rows "
            f"(95 % interval {self.low:.3f} to {self.high:.3f})"
        )


@dataclass(frozen=True)
class SuccessRates(Plain):
    """The success rates of all classes on one set of rows.

    Attributes
    ----------
    rows, correct : int
        All rows, and those that got their own label.
    accuracy : float
        correct / rows.
    low, high : float
        95 % Wilson interval of the accuracy.
    classes : tuple of ClassRate
        One for each class, in the order of the classes.
    """

    rows: int
    correct: int
    accuracy: float
    low: float
    high: float
    classes: tuple[ClassRate, ...]

    def sentence(self) -> str:
        """Return the accuracy in words, with the weakest class."""
        overall = (
            f"{self.correct} of {self.rows} rows got their own label: {self.accuracy:.3f} "
            f"(95 % interval {self.low:.3f} to {self.high:.3f})"
        )
        seen = [rate for rate in self.classes if rate.rate is not None]
        weakest = min(seen, key=lambda rate: rate.rate or 0.0)
        if weakest.correct == weakest.rows:
            return f"{overall}."
        return (
            f"{overall}; the weakest class is {weakest.label}, {weakest.correct} of {weakest.rows}."
        )


def success_rates(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    classes: npt.ArrayLike,
    class_names: Sequence[str] | None = None,
) -> SuccessRates:
    """Count for each class how many of its rows got their own label.

    Parameters
    ----------
    y_true, y_pred : array-like (n,)
        True and assigned labels.
    classes : array-like (k,)
        All labels, in the order of the result; classes without rows are kept.
    class_names : sequence of str (k,), optional
        What to call each class; by default the label.

    Returns
    -------
    SuccessRates
        Counts, rates and 95 % Wilson intervals.

    Raises
    ------
    DataError
        If there are no rows, lengths differ, or a label is not in ``classes``.

    Examples
    --------
    >>> rates = success_rates([1, 1, 1, 2], [1, 1, 2, 2], classes=[1, 2, 3])
    >>> rates.accuracy, [rate.rate for rate in rates.classes]
    (0.75, [0.6666666666666666, 1.0, None])
    """
    names = names_of(classes, class_names)
    true = class_positions(y_true, classes, "the true labels")
    predicted = class_positions(y_pred, classes, "the assigned labels", rows=len(true))
    if not len(true):
        raise DataError("There are no rows to measure a success rate on.")
    k = len(names)
    rows = np.bincount(true, minlength=k)
    correct = np.bincount(true[true == predicted], minlength=k)
    n_correct = int(correct.sum())
    low, high = wilson_interval(n_correct, len(true))
    return SuccessRates(
        rows=len(true),
        correct=n_correct,
        accuracy=n_correct / len(true),
        low=low,
        high=high,
        classes=tuple(
            _class_rate(name, int(r), int(c))
            for name, r, c in zip(names, rows, correct, strict=True)
        ),
    )


def _class_rate(name: str, rows: int, correct: int) -> ClassRate:
    low, high = wilson_interval(correct, rows)
    return ClassRate(name, rows, correct, correct / rows if rows else None, low, high)

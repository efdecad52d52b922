"""Whether a model's probabilities can be believed: confidence against success."""

from __future__ import annotations

__all__ = ["Calibration", "CalibrationBin", "calibration"]

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from glassnet.errors import DataError
from glassnet.evaluation.intervals import wilson_interval
from glassnet.evaluation.labels import probabilities_of
from glassnet.evaluation.plain import Plain


@dataclass(frozen=True)
class CalibrationBin(Plain):
    """The rows whose confidence lies within (low, high].

    Attributes
    ----------
    low, high : float
        Ends of the bin; the first one holds 0 too.
    rows, correct : int
        How many rows, and how many of them got the right label.
    confidence : float or None
        Their mean confidence; None without rows.
    rate : float or None
        Share of them that is right; None without rows.
    rate_low, rate_high : float
        Its 95 % Wilson interval.
    """

    low: float
    high: float
    rows: int
    correct: int
    confidence: float | None
    rate: float | None
    rate_low: float
    rate_high: float


@dataclass(frozen=True)
class Calibration(Plain):
    """Confidence against success.

    Attributes
    ----------
    bins : tuple of CalibrationBin
        From the least to the most confident.
    rows, correct : int
        All rows, and those that got the right label.
    confidence, accuracy : float
        Mean confidence, and share of rows that is right.
    accuracy_low, accuracy_high : float
        95 % Wilson interval of the accuracy.
    expected_error : float
        Expected calibration error (ECE), see `calibration`.
    largest_error : float
        The largest difference of confidence and success in a bin.
    """

    bins: tuple[CalibrationBin, ...]
    rows: int
    correct: int
    confidence: float
    accuracy: float
    accuracy_low: float
    accuracy_high: float
    expected_error: float
    largest_error: float

    @property
    def verdict(self) -> str:
        """Say "overconfident", "underconfident" or "calibrated".

        The last where the mean confidence lies within the accuracy's interval: these rows do not
        tell the two apart.
        """
        if self.confidence > self.accuracy_high:
            return "overconfident"
        return "underconfident" if self.confidence < self.accuracy_low else "calibrated"

    def sentence(self) -> str:
        """Return in words whether the probabilities can be believed."""
        said, kept = f"{100 * self.confidence:.1f} %", f"{100 * self.accuracy:.1f} %"
        ends = f"{100 * self.accuracy_low:.1f} to {100 * self.accuracy_high:.1f} %"
        error = f"the expected calibration error is {100 * self.expected_error:.1f} points"
        if self.verdict == "calibrated":
            return (
                f"On average it is {said} sure and {kept} of its labels are right ({ends}), so its "
                f"confidence is neither too high nor too low on the whole; {error}."
            )
        points = 100 * abs(self.confidence - self.accuracy)
        more = "less" if self.confidence > self.accuracy else "more"
        return (
            f"It is {self.verdict}: on average it is {said} sure, but {kept} of its labels are "
            f"right ({ends}), {points:.1f} points {more}; {error}."
        )


def calibration(
    y_true: npt.ArrayLike,
    probabilities: npt.ArrayLike,
    classes: npt.ArrayLike | None = None,
    *,
    n_bins: int = 10,
) -> Calibration:
    r"""Compare how sure a model is with how often it is right.

    A row's confidence is the largest of its probabilities; the label assigned is that class. Rows
    are gathered in ``n_bins`` bins of equal width, B_b, and

    .. math:: \text{ECE} = \sum_b \frac{|B_b|}{n}
              \left| \text{share right}(B_b) - \text{mean confidence}(B_b) \right|.

    Parameters
    ----------
    y_true : array-like (n,)
        True labels.
    probabilities : array-like (n, k)
        Columns in the order of ``classes``.
    classes : array-like (k,), optional
        The labels; by default 0..k-1.
    n_bins : int, default 10
        Bins between 0 and 1.

    Returns
    -------
    Calibration

    Raises
    ------
    DataError
        If shapes do not fit, a label is not in ``classes``, there are no rows or no bins, or
        values are not probabilities.

    References
    ----------
    M. P. Naeini, G. F. Cooper, M. Hauskrecht (2015), Obtaining well calibrated probabilities using
    Bayesian binning, AAAI. C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger (2017), On calibration of
    modern neural networks, ICML.

    Examples
    --------
    >>> found = calibration([0, 0, 1, 1], [[0.9, 0.1], [0.8, 0.2], [0.9, 0.1], [0.3, 0.7]])
    >>> found.accuracy, round(found.confidence, 3), round(found.expected_error, 3)
    (0.75, 0.825, 0.325)
    """
    if n_bins < 1:
        raise DataError(f"Calibration needs at least one bin, not {n_bins}.")
    true, p, _ = probabilities_of(y_true, probabilities, classes)
    if not len(true):
        raise DataError("Calibration needs at least one row.")
    confidence = p.max(axis=1)
    right = p.argmax(axis=1) == true
    edges = np.linspace(0.0, 1.0, n_bins + 1)
    place = np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, n_bins - 1)
    rows = np.bincount(place, minlength=n_bins)
    correct = np.bincount(place[right], minlength=n_bins)
    sums = np.bincount(place, weights=confidence, minlength=n_bins)
    gaps = np.abs(correct - sums)
    low, high = wilson_interval(int(right.sum()), len(right))
    return Calibration(
        bins=tuple(
            _bin(
                float(edges[b]), float(edges[b + 1]), int(rows[b]), int(correct[b]), float(sums[b])
            )
            for b in range(n_bins)
        ),
        rows=len(right),
        correct=int(right.sum()),
        confidence=float(confidence.mean()),
        accuracy=float(right.mean()),
        accuracy_low=low,
        accuracy_high=high,
        expected_error=float(gaps.sum() / len(right)),
        largest_error=float((gaps[rows > 0] / rows[rows > 0]).max()),
    )


def _bin(low: float, high: float, rows: int, correct: int, total: float) -> CalibrationBin:
    ends = wilson_interval(correct, rows)
    if not rows:
        return CalibrationBin(low, high, 0, 0, None, None, *ends)
    return CalibrationBin(low, high, rows, correct, total / rows, correct / rows, *ends)

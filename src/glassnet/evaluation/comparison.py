"""Two models on the same rows: does one do better, or could it be chance?"""

from __future__ import annotations

__all__ = ["Comparison", "compare"]

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

from glassnet.errors import DataError
from glassnet.evaluation.intervals import tango_interval
from glassnet.evaluation.plain import Plain

SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Comparison(Plain):
    """Two models compared row by row.

    Attributes
    ----------
    names : (str, str)
        What the models are called.
    rows : int
        Rows that both were asked about.
    both_right, only_first, only_second, both_wrong : int
        The rows by who got them right; they add up to ``rows``.
    p_value : float
        Exact two-sided McNemar test of "both are right equally often".
    difference : float
        Accuracy of the second minus that of the first.
    low, high : float
        95 % interval of the difference, which leaves out 0 exactly where p_value < 0.05.
    sentence : str
        What can be concluded, and what cannot.
    """

    names: tuple[str, str]
    rows: int
    both_right: int
    only_first: int
    only_second: int
    both_wrong: int
    p_value: float
    difference: float
    low: float
    high: float
    sentence: str


def compare(
    y_true: npt.ArrayLike,
    pred_first: npt.ArrayLike,
    pred_second: npt.ArrayLike,
    names: tuple[str, str] = ("logistic", "net"),
) -> Comparison:
    r"""Compare two models on the same rows with the exact McNemar test.

    Rows on which both are right or both wrong say nothing about which is better. Of the
    b + c rows that only one gets right (b the first, c the second), each model would get half if
    they were equally good, so

    .. math:: p = P(|B - (b+c)/2| \ge |b - (b+c)/2|), \quad B \sim \mathrm{Binomial}(b+c, 1/2).

    The interval of the difference (c - b) / n is Tango's score interval, widened where need be to
    hold the exact test turned round (Clopper and Pearson's interval for the share c / (b + c),
    scaled by (b + c) / n), so that the two never contradict each other. The exact test alone would
    not do: it takes b + c as known, and its interval is far too narrow away from 0.

    Parameters
    ----------
    y_true : array-like (n,)
        True labels of rows that neither model was trained on, which the sentence calls held-out:
        rows that one has seen do not tell which is better on others.
    pred_first, pred_second : array-like (n,)
        Labels that each model assigned to the same rows.
    names : (str, str), default ("logistic", "net")
        What to call the models.

    Returns
    -------
    Comparison
        Counts, p-value, interval and a sentence.

    Raises
    ------
    DataError
        If there are no rows or the lengths differ.

    References
    ----------
    Q. McNemar (1947), Note on the sampling error of the difference between correlated proportions
    or percentages, Psychometrika 12. T. G. Dietterich (1998), Approximate statistical tests for
    comparing supervised classification learning algorithms, Neural Computation 10. T. Tango (1998),
    Equivalence test and confidence interval for the difference in proportions for the paired-sample
    design, Statistics in Medicine 17.

    Examples
    --------
    >>> result = compare([0, 0, 1, 1], [0, 0, 0, 0], [0, 0, 1, 0])
    >>> result.only_first, result.only_second, result.p_value
    (0, 1, 1.0)
    """
    true, first, second = np.asarray(y_true), np.asarray(pred_first), np.asarray(pred_second)
    if not true.shape == first.shape == second.shape or true.ndim != 1:
        raise DataError(
            f"Two models are compared on the same rows, but there are {true.shape} labels, "
            f"{first.shape} from {names[0]} and {second.shape} from {names[1]}."
        )
    n = len(true)
    if not n:
        raise DataError("There are no rows to compare two models on.")
    right_1, right_2 = first == true, second == true
    only_1, only_2 = int(np.sum(right_1 & ~right_2)), int(np.sum(right_2 & ~right_1))
    both = int(np.sum(right_1 & right_2))
    p_value, low, high = _exact_test(only_1, only_2, n)
    return Comparison(
        names=(str(names[0]), str(names[1])),
        rows=n,
        both_right=both,
        only_first=only_1,
        only_second=only_2,
        both_wrong=n - both - only_1 - only_2,
        p_value=p_value,
        difference=(only_2 - only_1) / n,
        low=low,
        high=high,
        sentence=_sentence(names, n, only_1, only_2, p_value, low, high),
    )


def _exact_test(only_1: int, only_2: int, n: int) -> tuple[float, float, float]:
    low, high = tango_interval(only_1, only_2, n)
    discordant = only_1 + only_2
    if not discordant:
        return 1.0, low, high
    test = binomtest(only_2, discordant, 0.5)
    share = test.proportion_ci(0.95, method="exact")
    scale = discordant / n
    return (
        float(test.pvalue),
        min(low, float(2 * share.low - 1) * scale),
        max(high, float(2 * share.high - 1) * scale),
    )


def _sentence(
    names: tuple[str, str], n: int, only_1: int, only_2: int, p: float, low: float, high: float
) -> str:
    first, second = names
    if not only_1 + only_2:
        return (
            f"{_capital(first)} and {second} are right on exactly the same of these {n} "
            "held-out rows, which therefore cannot tell them apart."
        )
    counts = (
        f"Of the same {n} held-out rows, {only_2} are right with {second} only and {only_1} with "
        f"{first} only"
    )
    chance = f"p = {p:.2g}" if p >= 0.0001 else "p < 0.0001"
    if p < SIGNIFICANT:
        better, worse = (second, first) if only_2 > only_1 else (first, second)
        least, most = sorted((abs(100 * low), abs(100 * high)))
        return (
            f"{counts}; equally good models would rarely differ so much ({chance}, exact McNemar "
            f"test), so {better} is better than {worse} on rows like these, by {least:.1f} to "
            f"{most:.1f} percentage points (95 % interval)."
        )
    return (
        f"{counts}; equally good models could well differ so much ({chance}, exact McNemar test), "
        f"so these rows do not show which is better. They do not show that both are equal either: "
        f"{second} minus {first} may be anything from {100 * low:+.1f} to {100 * high:+.1f} "
        "percentage points (95 % interval)."
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

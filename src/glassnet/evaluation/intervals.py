"""Confidence intervals of a share, and of the difference of two shares."""

from __future__ import annotations

__all__ = ["newcombe_interval", "tango_interval", "wilson_interval"]

from math import hypot, sqrt

from scipy.optimize import brentq
from scipy.stats import binomtest, norm


def wilson_interval(correct: int, rows: int, confidence: float = 0.95) -> tuple[float, float]:
    r"""Return Wilson's score interval of the share ``correct / rows``.

    With p = correct / rows, n = rows and z the normal quantile of the confidence,

    .. math:: \frac{p + z^2/2n \pm z \sqrt{p(1-p)/n + z^2/4n^2}}{1 + z^2/n}.

    Unlike p ± z √(p(1-p)/n) it stays within [0, 1], is not empty at 0 % or 100 %, and covers as
    promised also for few rows.

    Parameters
    ----------
    correct : int
        Successes, 0 <= correct <= rows.
    rows : int
        Trials. Nothing is known of a share without rows: the interval is then (0, 1).
    confidence : float, default 0.95
        Coverage, within (0, 1).

    Returns
    -------
    low, high : float
        Ends of the interval, 0 <= low <= high <= 1.

    Raises
    ------
    ValueError
        If ``correct`` is not within 0..rows or ``confidence`` not within (0, 1).

    References
    ----------
    E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference,
    JASA 22. Recommended over its rivals by L. D. Brown, T. T. Cai, A. DasGupta (2001), Interval
    estimation for a binomial proportion, Statistical Science 16.

    Examples
    --------
    >>> low, high = wilson_interval(488, 500)
    >>> f"{low:.3f} {high:.3f}"
    '0.959 0.986'
    """
    if rows == 0 and correct == 0:
        return 0.0, 1.0
    interval = binomtest(int(correct), int(rows)).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)


def newcombe_interval(
    first: tuple[int, int], second: tuple[int, int], confidence: float = 0.95
) -> tuple[float, float]:
    r"""Return Newcombe's hybrid score interval of the difference of two independent shares.

    With p the shares and (l, u) their Wilson intervals, the difference p₁ - p₂ lies between

    .. math:: p_1 - p_2 - \sqrt{(p_1 - l_1)^2 + (u_2 - p_2)^2} \quad\text{and}\quad
              p_1 - p_2 + \sqrt{(u_1 - p_1)^2 + (p_2 - l_2)^2}.

    Parameters
    ----------
    first, second : (correct, rows)
        Successes and trials of each share, rows > 0.
    confidence : float, default 0.95
        Coverage.

    Returns
    -------
    low, high : float
        Ends of the interval of the first share minus the second.

    References
    ----------
    R. G. Newcombe (1998), Interval estimation for the difference between independent proportions:
    comparison of eleven methods, Statistics in Medicine 17 (method 10).

    Examples
    --------
    >>> low, high = newcombe_interval((56, 70), (48, 80))
    >>> f"{low:.4f} {high:.4f}"
    '0.0524 0.3339'
    """
    share_1, share_2 = first[0] / first[1], second[0] / second[1]
    low_1, high_1 = wilson_interval(*first, confidence)
    low_2, high_2 = wilson_interval(*second, confidence)
    difference = share_1 - share_2
    return (
        difference - hypot(share_1 - low_1, high_2 - share_2),
        difference + hypot(high_1 - share_1, share_2 - low_2),
    )


def tango_interval(
    only_first: int, only_second: int, rows: int, confidence: float = 0.95
) -> tuple[float, float]:
    r"""Return Tango's score interval of the difference of two shares of the same rows.

    With b rows only in the first share, c rows only in the second and n rows in all, it holds every
    difference \delta = p_2 - p_1 with

    .. math:: \frac{|c - b - n\delta|}{\sqrt{n (2\hat q + \delta(1 - \delta))}} \le z,

    where \hat q is the likeliest share of rows only in the first under that difference, the larger
    root of :math:`2n q^2 + (n\delta(2 - \hat\delta) - b - c) q - b\delta(1 - \delta) = 0` with
    :math:`\hat\delta = (c - b)/n`. At \delta = 0 this is McNemar's test without correction; where
    b = c = 0 the ends are ± Wilson's upper end for 0 of n.

    Parameters
    ----------
    only_first, only_second : int
        Rows that are in one share only, ``only_first + only_second <= rows``.
    rows : int
        Rows that both shares are of, > 0.
    confidence : float, default 0.95
        Coverage.

    Returns
    -------
    low, high : float
        Ends of the interval of the second share minus the first.

    References
    ----------
    T. Tango (1998), Equivalence test and confidence interval for the difference in proportions for
    the paired-sample design, Statistics in Medicine 17.

    Examples
    --------
    >>> low, high = tango_interval(0, 0, 10)
    >>> f"{low:.4f} {high:.4f} {wilson_interval(0, 10)[1]:.4f}"
    '-0.2775 0.2775 0.2775'
    """
    z = float(norm.isf((1 - confidence) / 2))
    return -_tango_end(only_second, only_first, rows, z), _tango_end(
        only_first, only_second, rows, z
    )


def _tango_end(only_first: int, only_second: int, rows: int, z: float) -> float:
    """Return the upper end of `tango_interval`; the lower one is that of the swapped counts."""
    observed = (only_second - only_first) / rows

    def excess(delta: float) -> float:
        """Return the squared distance from what was observed, less the squared distance allowed."""
        linear = rows * delta * (2 - observed) - only_first - only_second
        constant = -only_first * delta * (1 - delta)
        # Not below 0 but for rounding.
        root = sqrt(max(linear**2 - 8 * rows * constant, 0.0))
        q = (root - linear) / (4 * rows)
        return float(rows * (observed - delta) ** 2 - z**2 * (2 * q + delta * (1 - delta)))

    # A step off the observed difference, where the distance allowed can be 0 too.
    start = observed + 1e-9
    return 1.0 if start >= 1 else float(brentq(excess, start, 1.0, xtol=1e-12))

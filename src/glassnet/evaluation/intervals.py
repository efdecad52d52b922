"""Confidence intervals of a share, and of the difference of two shares."""

from __future__ import annotations

__all__ = ["newcombe_interval", "wilson_interval"]

from math import hypot

from scipy.stats import binomtest


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

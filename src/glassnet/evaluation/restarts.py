"""How much of a result is luck: the spread over random starts, beside that of finite rows."""

from __future__ import annotations

__all__ = ["RestartSpread", "restart_spread"]

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from glassnet.errors import DataError
from glassnet.evaluation.intervals import wilson_interval
from glassnet.evaluation.plain import Plain


@dataclass(frozen=True)
class RestartSpread(Plain):
    """The spread over random starts of one net.

    Attributes
    ----------
    what : str
        What the values are, such as "accuracy" or "loss".
    values : tuple of float (m,)
        Of each start; NaN where its training diverged.
    kept : int or None
        Position of the start that was kept.
    n_diverged : int
        Starts without a value; what follows is of the others.
    mean, sd : float
        Mean, and standard deviation with the divisor m - 1; NaN of fewer than two.
    low, high : float
        The smallest and the largest.
    n_rows : int or None
        Rows that the values are shares of, where they are.
    sampling_sd : float or None
        Standard deviation that so few rows alone give to a share of that mean,
        ``sqrt(mean (1 - mean) / n_rows)``.
    interval_low, interval_high : float or None
        95 % Wilson interval of the kept start's share, or else of the mean.
    sentence : str
        What that means.
    """

    what: str
    values: tuple[float, ...]
    kept: int | None
    n_diverged: int
    mean: float
    sd: float
    low: float
    high: float
    n_rows: int | None
    sampling_sd: float | None
    interval_low: float | None
    interval_high: float | None
    sentence: str


def restart_spread(
    values: npt.ArrayLike,
    *,
    kept: int | None = None,
    n_rows: int | None = None,
    what: str = "accuracy",
) -> RestartSpread:
    """Compare the spread over random starts with the uncertainty that finite rows leave.

    Parameters
    ----------
    values : array-like (m,)
        What each start reached, on the same rows.
    kept : int, optional
        Position of the start that was kept.
    n_rows : int, optional
        Rows of which each value is the share that is right; needed for the interval.
    what : str, default "accuracy"
        What the values are called.

    Returns
    -------
    RestartSpread
        Mean, standard deviation, range, interval and a sentence.

    Raises
    ------
    DataError
        If there is no finite value, ``kept`` is none of the starts or diverged, or values that
        should be shares are not within [0, 1].

    Notes
    -----
    The two are different questions. The starts' spread says how far another seed would move the
    result on these rows; the interval says how far other rows would. The kept start, where it was
    chosen by these very values, is flattered by its luck.

    Examples
    --------
    >>> spread = restart_spread([0.95, 0.97, 0.96], kept=1, n_rows=100)
    >>> f"{spread.sd:.3f} {spread.sampling_sd:.3f}"
    '0.010 0.020'
    """
    given = np.asarray(values, dtype=np.float64)
    if given.ndim != 1 or not np.isfinite(given).any():
        raise DataError("The spread over random starts needs a finite value of one start or more.")
    if kept is not None and not (0 <= kept < len(given) and np.isfinite(given[kept])):
        raise DataError(
            f"Start {kept} cannot be the kept one of {len(given)} starts: it is none of them, or "
            "it diverged."
        )
    if n_rows is not None and n_rows < 1:
        raise DataError(f"Shares need a row or more to be of, not {n_rows}.")
    finite = given[np.isfinite(given)]
    low, high = float(finite.min()), float(finite.max())
    if n_rows is not None and not 0 <= low <= high <= 1:
        raise DataError(
            f"Shares of {n_rows} rows lie within 0 and 1, these lie within {low:g} and {high:g}; "
            "leave n_rows out for other values."
        )
    mean = float(finite.mean())
    sd = float(finite.std(ddof=1)) if len(finite) > 1 else np.nan
    interval = sampling_sd = None
    if n_rows is not None:
        share = mean if kept is None else float(given[kept])
        interval = wilson_interval(round(share * n_rows), n_rows)
        sampling_sd = sqrt(mean * (1 - mean) / n_rows)
    return RestartSpread(
        what=what,
        values=tuple(float(value) if np.isfinite(value) else np.nan for value in given),
        kept=kept,
        n_diverged=len(given) - len(finite),
        mean=mean,
        sd=sd,
        low=low,
        high=high,
        n_rows=n_rows,
        sampling_sd=sampling_sd,
        interval_low=None if interval is None else interval[0],
        interval_high=None if interval is None else interval[1],
        sentence=_sentence(what, given, finite, sd, n_rows, sampling_sd),
    )


def _sentence(
    what: str,
    given: npt.NDArray[np.float64],
    finite: npt.NDArray[np.float64],
    sd: float,
    n_rows: int | None,
    sampling_sd: float | None,
) -> str:
    lost = len(given) - len(finite)
    diverged = f" {lost} more diverged." if lost else ""
    if len(finite) == 1:
        return f"One random start tells nothing of luck: train several, n_restarts=10.{diverged}"
    starts = f"{len(finite)} random starts"
    if n_rows is None or sampling_sd is None:
        return (
            f"{starts} end with a {what} of {finite.min():.4g} to {finite.max():.4g} (standard "
            f"deviation {sd:.2g}).{diverged}"
        )
    said = (
        f"{starts} get {100 * finite.min():.1f} to {100 * finite.max():.1f} % of {n_rows} rows "
        f"right: another seed moves that by {100 * sd:.2f} percentage points (standard deviation), "
        f"other rows would by {100 * sampling_sd:.2f}."
    )
    if sd < sampling_sd:
        return (
            f"{said} The choice of the seed matters less than which rows were held out.{diverged}"
        )
    return f"{said} The seed matters more than which rows were held out: report several.{diverged}"

"""Probabilities that mean what they say: label smoothing undone, and one temperature."""

from __future__ import annotations

__all__ = ["PLAIN", "calibrated", "fitted_temperature", "mean_log_loss", "unsmoothed"]

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

# The temperature that changes nothing, and those that are looked at.
PLAIN = 1.0
_LEAST, _MOST = 0.25, 8.0
# Standard deviation of log temperature before any row is seen: few rows move it little.
_PRIOR = 0.5


def unsmoothed(p: NDArray[np.float64], label_smoothing: float) -> NDArray[np.float64]:
    """Return probabilities (n, k) without what a share s of label smoothing has done to them.

    They are proportional to ``max(p - s / k, s / (10 k))``.
    """
    share = label_smoothing / p.shape[1]
    raised: NDArray[np.float64] = np.maximum(p - share, max(share / 10, np.finfo(p.dtype).tiny))
    raised /= raised.sum(axis=1, keepdims=True)
    return raised


def calibrated(p: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    """Return probabilities (n, k) proportional to p to the power of 1 / temperature."""
    if temperature == PLAIN:
        return p
    logs = np.log(p) / temperature
    logs -= logs.max(axis=1, keepdims=True)
    np.exp(logs, out=logs)
    logs /= logs.sum(axis=1, keepdims=True)
    return logs


def mean_log_loss(p: NDArray[np.float64], truth: NDArray[np.intp]) -> float:
    """Return the mean of -log p over rows (n, k) of classes `truth` (n,)."""
    return float(-np.log(p[np.arange(len(p)), truth]).mean())


def fitted_temperature(p: NDArray[np.float64], truth: NDArray[np.intp]) -> float:
    """Return the temperature with the highest posterior density for rows of classes `truth` (n,).

    Its logarithm is normal with deviation 0.5 before any row is seen. (C. Guo, G. Pleiss, Y. Sun
    and K. Q. Weinberger, "On calibration of modern neural networks", ICML 2017, without the prior.)

    Parameters
    ----------
    p : ndarray of shape (n, k)
        Probabilities of rows that nothing was trained on, none of them 0.
    truth : ndarray of int of shape (n,)
        Their classes.
    """

    def badness(log_temperature: float) -> float:
        loss = mean_log_loss(calibrated(p, float(np.exp(log_temperature))), truth)
        return len(p) * loss + 0.5 * (log_temperature / _PRIOR) ** 2

    bounds = (np.log(_LEAST), np.log(_MOST))
    return float(np.exp(minimize_scalar(badness, bounds=bounds, method="bounded").x))

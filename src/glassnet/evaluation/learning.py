"""Accuracy against the number of rows, or against a parameter: what the curve says."""

from __future__ import annotations

__all__ = ["LearningCurve", "ValidationCurve"]

from abc import ABC
from dataclasses import dataclass
from typing import Any, final

import numpy as np
import numpy.typing as npt

from glassnet.errors import DataError
from glassnet.evaluation.plain import Plain

Scores = npt.NDArray[np.float64]


def _mean_and_spread(scores: Scores) -> tuple[Scores, Scores]:
    """Return mean and standard deviation (s,) over folds and starts of scores (s, f, r)."""
    flat = scores.reshape(len(scores), -1)
    spread = flat.std(axis=1, ddof=1) if flat.shape[1] > 1 else np.zeros(len(flat))
    return flat.mean(axis=1), spread


def _paired(differences: Scores) -> tuple[float, float]:
    """Return the mean of differences (f, r) over folds and starts, and its standard error.

    Folds share rows to train on, so that their mean is less sure than of as many independent ones:
    with f folds the variance s² of a fold's difference counts ``s² (1 / f + 1 / (f - 1))``
    (Nadeau and Bengio, "Inference for the generalization error", Machine Learning 52, 2003). NaN
    for one fold, which tells nothing of that.
    """
    folds = differences.mean(axis=1)
    n = len(folds)
    error = folds.std(ddof=1) * np.sqrt(1 / n + 1 / (n - 1)) if n > 1 else np.nan
    return float(folds.mean()), float(error)


class _ScoreCurve(Plain, ABC):
    """What both curves make of their scores, by setting, fold and random start (s, f, r)."""

    scores: Scores
    train_scores: Scores

    @property
    def means(self) -> Scores:
        """Mean score of the rows left out (s,)."""
        return _mean_and_spread(self.scores)[0]

    @property
    def spreads(self) -> Scores:
        """Its standard deviation over folds and starts (s,)."""
        return _mean_and_spread(self.scores)[1]

    @property
    def train_means(self) -> Scores:
        """Mean score of the rows trained on (s,)."""
        return _mean_and_spread(self.train_scores)[0]

    @property
    def train_spreads(self) -> Scores:
        """Its standard deviation over folds and starts (s,)."""
        return _mean_and_spread(self.train_scores)[1]


@final
@dataclass(frozen=True, eq=False)
class LearningCurve(_ScoreCurve):
    """How well a net does by the number of rows that it is trained on.

    Attributes
    ----------
    sizes : ndarray of int (s,)
        Rows trained on, ascending.
    scores : ndarray (s, f, r)
        Score of the rows left out, by size, fold and random start.
    train_scores : ndarray (s, f, r)
        Score of the rows trained on.
    metric : str, default="accuracy"
        What is scored.

    Raises
    ------
    DataError
        If shapes do not fit, or there are not two sizes.
    """

    sizes: npt.NDArray[np.int64]
    scores: Scores
    train_scores: Scores
    metric: str = "accuracy"

    def __post_init__(self) -> None:
        if len(self.sizes) < 2 or (np.diff(self.sizes) <= 0).any():
            raise DataError("A learning curve needs at least two sizes, the smallest first.")
        if self.scores.shape != self.train_scores.shape or len(self.scores) != len(self.sizes):
            raise DataError("A learning curve needs scores of both kinds for each size.")

    @property
    def last_gain(self) -> tuple[float, float]:
        """What the last step in rows gained, and the standard error of that.

        Both sizes have the same folds and starts, so that their differences are paired.
        """
        return _paired(self.scores[-1] - self.scores[-2])

    @property
    def sentence(self) -> str:
        """Whether more rows would help, in words."""
        gain, error = self.last_gain
        step = (
            f"From {self.sizes[-2]:,} to {self.sizes[-1]:,} rows the {self.metric} of rows left "
            f"out went from {self.means[-2]:.4g} to {self.means[-1]:.4g}"
        )
        gap = float(self.train_means[-1] - self.means[-1])
        if not np.isfinite(error):
            return f"{step}; one fold does not tell whether that is luck."
        if gain > 2 * error:
            text = f"{step}, {gain:.2g} more (standard error {error:.2g}): more rows would help."
        else:
            text = (
                f"{step}, a difference within its standard error of {error:.2g}: more rows of "
                "this kind would hardly help."
            )
            if gap > 2 * self.spreads[-1]:
                text += (
                    f" Rows trained on are at {self.train_means[-1]:.4g}: a stronger penalty, "
                    "dropout or fewer units may."
                )
        return text


@final
@dataclass(frozen=True, eq=False)
class ValidationCurve(_ScoreCurve):
    """How well a net does by the value of one parameter.

    Attributes
    ----------
    parameter : str
        Its name.
    values : tuple (s,)
        Its values, in the order given.
    scores, train_scores : ndarray (s, f, r)
        Scores of rows left out, and of those trained on, by value, fold and random start.
    metric : str, default="accuracy"
        What is scored.
    """

    parameter: str
    values: tuple[Any, ...]
    scores: Scores
    train_scores: Scores
    metric: str = "accuracy"

    def __post_init__(self) -> None:
        if self.scores.shape != self.train_scores.shape or len(self.scores) != len(self.values):
            raise DataError("A validation curve needs scores of both kinds for each value.")

    @property
    def best(self) -> int:
        """The position of the value with the best mean score of rows left out."""
        return int(np.nanargmax(self.means))

    @property
    def sentence(self) -> str:
        """Which value is best, and which others cannot be told from it, in words."""
        best = self.best
        gaps = [_paired(self.scores[best] - scores) for scores in self.scores]
        alike = [
            str(value)
            for i, (value, (gap, error)) in enumerate(zip(self.values, gaps, strict=True))
            if i != best and not gap > 2 * error
        ]
        text = (
            f"Of {len(self.values)} values of {self.parameter}, {self.values[best]} has the best "
            f"{self.metric} of rows left out, {self.means[best]:.4g}"
        )
        if alike:
            return f"{text}; {', '.join(alike)} cannot be told from it."
        return f"{text}."

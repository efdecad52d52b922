"""What rows say of a net as it stands, after each epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from glassnet.model import Member, Network, Validation

# Parameters theta (p,) and rows (n, d) to outputs (n, k).
Forward = Callable[[NDArray[Any], Any], NDArray[Any]]


@final
@dataclass(eq=False)
class Judge:
    """Judges a member's net by its validation rows, and by its training rows where asked.

    Attributes
    ----------
    network : Network
        The shape of the net.
    member : Member
        Says who scores.
    validation, training : Validation or None
        The rows to judge by.
    forward : callable
        Propagates rows through the net.
    scores, losses, training_scores : list of float
        The verdicts so far. A score is NaN where an output is not finite. A loss is the weighted
        mean of the rows' losses, without penalty; weights that sum to 0 count as equal.
    """

    network: Network
    member: Member
    validation: Validation | None
    training: Validation | None
    forward: Forward
    scores: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    training_scores: list[float] = field(default_factory=list)

    def hears(self, theta: NDArray[Any]) -> float | None:
        """Judge parameters (p,); return the score of the validation rows, where there are any."""
        score = None
        if self.validation is not None:
            a = self.forward(theta, self.validation.X)
            score = self._score(theta, a, self.validation, training=False)
            weights = self.validation.weights
            losses = self.network.out.losses(a, self.validation.y) * self.network.told_share
            self.scores.append(score)
            self.losses.append(
                float(
                    losses.mean()
                    if weights is None or not weights.any()
                    else np.average(losses, weights=weights)
                )
            )
        if self.training is not None:
            outputs = None if self.member.scorer else self.forward(theta, self.training.X)
            self.training_scores.append(self._score(theta, outputs, self.training, training=True))
        return score

    def curves(self) -> dict[str, Any]:
        """Return the verdicts by the names that a `Fit` has for them."""
        return {
            "validation_scores": self.scores,
            "validation_losses": self.losses,
            "training_scores": self.training_scores,
        }

    def _score(
        self, theta: NDArray[Any], a: NDArray[Any] | None, rows: Validation, *, training: bool
    ) -> float:
        if self.member.scorer is not None:
            return float(self.member.scorer(theta.astype(np.float64), training=training))
        if a is None or not np.isfinite(a).all():
            return np.nan
        return self.network.out.score(a, rows.y, rows.weights)


def judge_of(
    network: Network,
    member: Member,
    X: Any,
    y: NDArray[Any],
    validation: Validation | None,
    forward: Forward,
) -> Judge:
    """Return the judge of a member.

    Parameters
    ----------
    network : Network
        The shape of the net.
    member : Member
        The member.
    X, y : ndarray or CSR matrix of shape (n, d), ndarray of shape (n, k)
        All rows of the call, and the member's own targets.
    validation : Validation or None
        The rows that all members are judged by, with the member's own targets.
    forward : callable
        Propagates rows through the net.
    """

    def some(rows: NDArray[np.intp] | None) -> Validation:
        weights = member.row_weights
        if rows is None:
            return Validation(X, y, weights)
        return Validation(X[rows], y[rows], None if weights is None else weights[rows])

    if validation is None and member.validation_rows is not None:
        validation = some(member.validation_rows)
    training = some(member.rows) if member.scores_training else None
    return Judge(network, member, validation, training, forward)

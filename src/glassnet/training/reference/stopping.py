"""When a net has learned enough."""

from __future__ import annotations

from typing import Any, final

from numpy.typing import NDArray

from glassnet.model import Member, Progress


@final
class Watch:
    """Counts the epochs that bring no improvement, in scikit-learn's way.

    An epoch improves where its training loss is below the best so far by more than tol, or,
    with validation rows, where its validation score is above the best so far by tol or more.
    """

    def __init__(self, member: Member) -> None:
        self._tol = member.tol
        self._patience = member.n_iter_no_change
        start = member.progress
        self._best_loss, self._best_score = start.best_loss, start.best_score
        self.best_parameters = start.best_parameters
        self._count = start.epochs_without_improvement
        self.rows_seen = start.rows_seen

    def hears_loss(self, loss: float) -> None:
        """Judge an epoch by its training loss."""
        self._count = self._count + 1 if loss > self._best_loss - self._tol else 0
        self._best_loss = min(self._best_loss, loss)

    def hears_score(self, score: float, theta: NDArray[Any]) -> None:
        """Judge an epoch by its validation score, and keep the best parameters."""
        self._count = self._count + 1 if score < self._best_score + self._tol else 0
        if score > self._best_score or self.best_parameters is None:
            self.best_parameters = theta.copy()
        if score > self._best_score:
            self._best_score = score

    def is_plateau(self) -> bool:
        """Say whether there were too many epochs without improvement."""
        return self._count > self._patience

    def starts_anew(self) -> None:
        """Forget the epochs without improvement: the learning rate has changed."""
        self._count = 0

    def progress(self) -> Progress:
        """Return what to remember for a later call."""
        return Progress(
            best_loss=self._best_loss,
            best_score=self._best_score,
            best_parameters=self.best_parameters,
            epochs_without_improvement=self._count,
            rows_seen=self.rows_seen,
        )


def plateau_message(member: Member, rate: float | None, *, by_score: bool) -> str:
    """Say that progress has stopped, and what becomes of it.

    Parameters
    ----------
    member : Member
        Who has stopped to improve.
    rate : float or None
        The smaller learning rate to go on with; None where training ends.
    by_score : bool
        Whether it was judged by its validation score.
    """
    what = "Validation score" if by_score else "Training loss"
    then = "Stopping." if rate is None else f"Setting learning rate to {rate:f}"
    return (
        f"{what} did not improve more than tol={member.tol:f} "
        f"for {member.n_iter_no_change} consecutive epochs. {then}"
    )

"""What a ledger tells of each row: how hard it was, when it was learned, how often forgotten."""

from __future__ import annotations

__all__ = [
    "GROUPS",
    "ExampleHistories",
    "ExampleHistory",
    "Group",
    "example_histories",
    "group_curves",
]

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from glassnet.errors import DataError
from glassnet.evaluation.plain import Plain

Group = Literal["kept", "forgotten", "never learned"]
GROUPS: tuple[Group, ...] = ("kept", "forgotten", "never learned")
LATE = 0.1  # of the epochs


@dataclass(frozen=True)
class ExampleHistory(Plain):
    """One row through the training.

    Attributes
    ----------
    row : int
        Its number in the data, counted from 0.
    label : str or None
        Its label, where labels were given.
    mean_loss : float
        Its mean loss over all epochs: the area under its loss curve, an epoch wide each.
    late_loss : float
        Its mean loss over the last epochs.
    group : {"kept", "forgotten", "never learned"} or None
        Learned and right ever after; learned and lost again, once or more; never right. None
        where rows are not right or wrong.
    first_right : int or None
        The epoch, counted from 1, at which it was right first; None if never.
    forgettings : int or None
        How often it was right at one epoch and wrong at the next.
    epochs_right : int or None
        Epochs at which it was right.
    right_at_end : bool or None
        Whether it was right at the last epoch at which it was met.
    """

    row: int
    label: str | None
    mean_loss: float
    late_loss: float
    group: Group | None
    first_right: int | None
    forgettings: int | None
    epochs_right: int | None
    right_at_end: bool | None


@dataclass(frozen=True, eq=False)
class ExampleHistories(Plain):
    """All rows through the training, as arrays; row i of n is the i-th of those that were met.

    Attributes
    ----------
    n_epochs : int
        Epochs.
    n_late : int
        The last epochs, which `late_loss` is of.
    rows : ndarray of int (n,)
        Their numbers in the data.
    labels : tuple of str (n,) or None
        Their labels, where given.
    mean_loss, late_loss : ndarray (n,)
        As in `ExampleHistory`, as are those below.
    group : ndarray of int (n,) or None
        0 for "kept", 1 for "forgotten", 2 for "never learned".
    first_right : ndarray of int (n,) or None
        0 where never.
    forgettings, epochs_right : ndarray of int (n,) or None
        Counts.
    right_at_end : ndarray of bool (n,) or None
        Whether right at the end.
    sentence : str
        The same in words.
    """

    n_epochs: int
    n_late: int
    rows: npt.NDArray[np.intp]
    labels: tuple[str, ...] | None
    mean_loss: npt.NDArray[np.float64]
    late_loss: npt.NDArray[np.float64]
    group: npt.NDArray[np.intp] | None
    first_right: npt.NDArray[np.intp] | None
    forgettings: npt.NDArray[np.intp] | None
    epochs_right: npt.NDArray[np.intp] | None
    right_at_end: npt.NDArray[np.bool_] | None
    sentence: str

    def rows_of(self, group: Group) -> npt.NDArray[np.intp]:
        """Return the numbers of a group's rows.

        Raises
        ------
        DataError
            If there are no groups, since numbers are not right or wrong.
        """
        if self.group is None:
            raise DataError(
                f"There are no rows that are {group!r}: numbers are not right or wrong, so that "
                "none is learned or forgotten. `hardest` ranks the rows by their loss."
            )
        return self.rows[self.group == GROUPS.index(group)]

    def hardest(
        self, limit: int | None = 25, *, group: Group | None = None, late: bool = False
    ) -> tuple[ExampleHistory, ...]:
        """Return the rows of the largest loss, the hardest first.

        Parameters
        ----------
        limit : int or None, default 25
            How many at most; None for all.
        group : {"kept", "forgotten", "never learned"}, optional
            Of these alone.
        late : bool, default False
            Whether to rank by the loss of the last epochs rather than by that of all. A net that
            learns its rows by heart ends with a small loss on all of them; what it took long to
            learn shows in the mean of all epochs.
        """
        places = np.arange(len(self.rows))
        if group is not None:
            places = np.flatnonzero(np.isin(self.rows, self.rows_of(group)))
        loss = self.late_loss if late else self.mean_loss
        order = places[np.argsort(-loss[places], kind="stable")][:limit]
        return tuple(self._history(int(i)) for i in order)

    def _history(self, i: int) -> ExampleHistory:
        def count(values: npt.NDArray[np.intp] | None) -> int | None:
            return None if values is None else int(values[i])

        at_end = self.right_at_end
        return ExampleHistory(
            row=int(self.rows[i]),
            label=None if self.labels is None else self.labels[i],
            mean_loss=float(self.mean_loss[i]),
            late_loss=float(self.late_loss[i]),
            group=None if self.group is None else GROUPS[self.group[i]],
            first_right=count(self.first_right) or None,
            forgettings=count(self.forgettings),
            epochs_right=count(self.epochs_right),
            right_at_end=None if at_end is None else bool(at_end[i]),
        )


def example_histories(
    losses: npt.ArrayLike,
    right: npt.ArrayLike | None = None,
    y: npt.ArrayLike | None = None,
    *,
    n_late: int | None = None,
) -> ExampleHistories:
    """Read a ledger: how hard each row was, when it was learned and how often forgotten.

    A row is *forgotten* at an epoch where it is wrong and was right the epoch before. A row that is
    *kept* was right at some epoch and at every later one.

    Parameters
    ----------
    losses : array-like (e, n)
        Loss of each row at each epoch, NaN where it was not met: ``net.examples_.losses``.
    right : array-like of bool (e, n), optional
        Whether it was right: ``net.examples_.right``.
    y : array-like (n,), optional
        The labels, in the order of the rows.
    n_late : int, optional
        The last epochs, for `late_loss`; by default a tenth of them, at least one.

    Returns
    -------
    ExampleHistories
        Of the rows that were met at some epoch.

    Raises
    ------
    DataError
        If shapes do not fit, or no row was met.

    References
    ----------
    M. Toneva, A. Sordoni, R. Tachet des Combes, A. Trischler, Y. Bengio, G. J. Gordon (2019), An
    empirical study of example forgetting during deep neural network learning, ICLR. Its events are
    counted at each step of the training; these are counted once an epoch, as a row is met.

    Examples
    --------
    >>> losses = [[0.9, 2.0, 1.5], [0.2, 0.4, 1.9], [0.1, 1.1, 1.7]]
    >>> right = [[True, False, False], [True, True, False], [True, False, False]]
    >>> histories = example_histories(losses, right)
    >>> [(one.row, one.group, one.forgettings) for one in histories.hardest()]
    [(2, 'never learned', 0), (1, 'forgotten', 1), (0, 'kept', 0)]
    """
    all_losses = np.asarray(losses)
    if all_losses.ndim != 2 or not len(all_losses):
        raise DataError(
            f"A ledger holds losses (epochs, rows), of an epoch or more; these have the shape "
            f"{all_losses.shape}."
        )
    known = ~np.isnan(all_losses)
    rows = np.flatnonzero(known.any(axis=0))
    if not rows.size:
        raise DataError("The ledger is of no row: none was met at any epoch.")
    labels = None if y is None else _labels(y, all_losses.shape[1])
    n_epochs = len(all_losses)
    late = max(1, round(LATE * n_epochs)) if n_late is None else n_late
    if not 1 <= late <= n_epochs:
        raise DataError(f"n_late must be within 1 and the {n_epochs} epochs, not {late}.")
    kept = all_losses[:, rows].astype(np.float64)
    mean_loss, late_loss = _mean(kept), _mean(kept[-late:])
    # A row that was not met of late is as it was before.
    late_loss = np.where(np.isnan(late_loss), mean_loss, late_loss)
    learned = None if right is None else _learned(right, all_losses.shape, known, rows)
    sentence = _sentence(n_epochs, rows, labels, mean_loss, learned)
    group, first, forgettings, epochs_right, at_end = learned or (None,) * 5
    return ExampleHistories(
        n_epochs=n_epochs,
        n_late=late,
        rows=rows,
        labels=None if labels is None else tuple(labels[i] for i in rows),
        mean_loss=mean_loss,
        late_loss=late_loss,
        group=group,
        first_right=first,
        forgettings=forgettings,
        epochs_right=epochs_right,
        right_at_end=at_end,
        sentence=sentence,
    )


def group_curves(
    losses: npt.ArrayLike, histories: ExampleHistories
) -> dict[str, npt.NDArray[np.float64]]:
    """Return the spread of the loss within each group of rows, epoch by epoch.

    Parameters
    ----------
    losses : array-like (e, n)
        The ledger that the histories are of.
    histories : ExampleHistories
        They say which row is of which group.

    Returns
    -------
    dict of str to ndarray (3, e)
        The first decile, the median and the ninth decile of the loss of each group that has rows;
        of "all rows" where there are no groups. NaN at an epoch at which none was met.
    """
    values = np.asarray(losses, dtype=np.float64)
    if histories.group is None:
        members = {"all rows": histories.rows}
    else:
        members = {name: histories.rows_of(name) for name in GROUPS}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "All-NaN slice", RuntimeWarning)
        return {
            name: np.nanquantile(values[:, rows], (0.1, 0.5, 0.9), axis=1)
            for name, rows in members.items()
            if rows.size
        }


_Learned = tuple[
    npt.NDArray[np.intp],
    npt.NDArray[np.intp],
    npt.NDArray[np.intp],
    npt.NDArray[np.intp],
    npt.NDArray[np.bool_],
]


def _labels(y: npt.ArrayLike, n: int) -> list[str]:
    labels = np.asarray(y)
    if len(labels) != n:
        raise DataError(f"{len(labels)} labels were given for a ledger of {n} rows.")
    if labels.ndim == 2:  # several labels a row
        return ["+".join(map(str, np.flatnonzero(row))) or "none" for row in labels]
    return [str(label) for label in labels]


def _mean(losses: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the mean over the epochs at which each row was met, NaN where it never was."""
    known = ~np.isnan(losses)
    with np.errstate(invalid="ignore"):
        mean: npt.NDArray[np.float64] = np.where(known, losses, 0).sum(axis=0) / known.sum(axis=0)
    return mean


def _learned(
    right: npt.ArrayLike,
    shape: tuple[int, ...],
    known: npt.NDArray[np.bool_],
    rows: npt.NDArray[np.intp],
) -> _Learned:
    """Return group, first right epoch, forgettings, right epochs and the end of each row."""
    states = np.asarray(right, dtype=bool)
    if states.shape != shape:
        raise DataError(f"`right` has the shape {states.shape}, the losses have {shape}.")
    states, known = states[:, rows], known[:, rows]
    epochs_right = (states & known).sum(axis=0)
    if not known.all():
        # At an epoch at which it was not met, a row stays as it was.
        epochs = np.where(known, np.arange(len(states))[:, np.newaxis], 0)
        states = np.take_along_axis(states & known, np.maximum.accumulate(epochs), axis=0)
    ever = states.any(axis=0)
    first = np.where(ever, states.argmax(axis=0) + 1, 0)
    forgettings = (states[:-1] & ~states[1:]).sum(axis=0)
    group = np.where(ever, np.where(forgettings > 0, 1, 0), 2)
    return group, first, forgettings, epochs_right, states[-1]


def _sentence(
    n_epochs: int,
    rows: npt.NDArray[np.intp],
    labels: list[str] | None,
    mean_loss: npt.NDArray[np.float64],
    learned: _Learned | None,
) -> str:
    worst = int(np.argmax(mean_loss))
    label = "" if labels is None else f" (labelled {labels[rows[worst]]})"
    hardest = (
        f"The hardest is row {rows[worst]}{label}: a loss of {mean_loss[worst]:.2f} on average, "
        f"where the median row has {np.median(mean_loss):.2g}."
    )
    if learned is None:
        return f"{len(rows)} rows were met in {_counted(n_epochs, 'epoch')}. {hardest}"
    group, _, forgettings, _, at_end = learned
    kept, lost, never = (int((group == code).sum()) for code in range(3))
    wrong = int((~at_end & (group == 1)).sum())
    return (
        f"Of {_counted(len(rows), 'row')}, {kept} were learned and right ever after, {lost} were "
        f"learned and lost again ({_counted(int(forgettings.sum()), 'time')} in all; {wrong} of "
        f"these rows are wrong at the end), and {never} were never right in "
        f"{_counted(n_epochs, 'epoch')}. {hardest}"
    )


def _counted(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"

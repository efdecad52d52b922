"""The ledger: what a net says of each training row as it meets it, epoch by epoch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import DataError
from glassnet.model import Member, Network

__all__ = ["ExampleLedger", "OpenLedger", "joined"]


@final
@dataclass(frozen=True, eq=False)
class ExampleLedger:
    """The loss of each row at each epoch, and whether the row was right then.

    The stochastic solvers write a row down as they meet it: in its batch, before the step that
    the batch makes, with the hidden units that dropout leaves and towards smoothed labels where
    these are asked for. No further pass is made. Of 'lbfgs' it is the net after the iteration.
    (M. Toneva, A. Sordoni, R. Tachet des Combes, A. Trischler, Y. Bengio, G. J. Gordon, "An
    empirical study of example forgetting during deep neural network learning", ICLR 2019.)

    Attributes
    ----------
    losses : ndarray of float32 of shape (e, n)
        The loss of each row at each of e epochs, without the row's weight and without the penalty:
        where all weights are 1, the mean of a line is the epoch's in `loss_curve_` but for the
        penalty. Log losses are of probabilities in [eps, 1 - eps], so that they are at most 15.9
        in float32 and 36 in float64. NaN where a row was not met: it was kept aside for
        validation, or all rows of its batch had a weight of 0.
    packed : ndarray of uint8 of shape (e, ceil(n / 8)) or None
        `right`, eight rows a byte; None where numbers are predicted.
    """

    losses: NDArray[np.float32]
    packed: NDArray[np.uint8] | None

    @property
    def n_epochs(self) -> int:
        """Number e of epochs."""
        return self.losses.shape[0]

    @property
    def n_rows(self) -> int:
        """Number n of rows."""
        return self.losses.shape[1]

    @property
    def right(self) -> NDArray[np.bool_] | None:
        """Whether each row was right at each epoch (e, n): all its labels, where it has several.

        A row that was not met is not right. None where numbers are predicted.
        """
        if self.packed is None:
            return None
        return np.unpackbits(self.packed, axis=1, count=self.n_rows).astype(bool)

    def followed_by(self, later: ExampleLedger) -> ExampleLedger:
        """Return the ledger of this training and a later one on the same rows, in one.

        Raises
        ------
        DataError
            If the later one has another number of rows.
        """
        return joined([self, later])


def joined(ledgers: Sequence[ExampleLedger]) -> ExampleLedger:
    """Return the ledgers of trainings on the same rows, one after the other, as one."""
    rows = {ledger.n_rows for ledger in ledgers}
    if len(rows) > 1:
        raise DataError(
            f"Ledgers of {' and '.join(map(str, sorted(rows)))} rows cannot follow each other: "
            "each epoch must be of the same rows."
        )
    packed = [ledger.packed for ledger in ledgers if ledger.packed is not None]
    return _frozen(
        np.concatenate([ledger.losses for ledger in ledgers]),
        np.concatenate(packed) if len(packed) == len(ledgers) else None,
    )


@final
class OpenLedger:
    """A ledger that is being written, in memory that is taken once.

    Only what is written is really taken where the system gives memory page by page.

    Parameters
    ----------
    network : Network
        Says whether rows can be right.
    n_epochs : int
        The most epochs that there will be.
    n_rows : int
        Rows of X.

    Attributes
    ----------
    losses, rights : ndarray of shape (e, n) and (e, ceil(n / 8))
        As in `ExampleLedger`, not yet written after `n_written` epochs.
    n_written : int
        Epochs that are over.
    """

    def __init__(self, network: Network, n_epochs: int, n_rows: int) -> None:
        self.losses = np.empty((n_epochs, n_rows), dtype=np.float32)
        self.rights: NDArray[np.uint8] | None = None
        self._right: NDArray[np.bool_] | None = None
        if network.out.is_of_classes:
            self.rights = np.empty((n_epochs, -(-n_rows // 8)), dtype=np.uint8)
        self.n_written = 0

    @classmethod
    def of(cls, network: Network, member: Member, n_rows: int) -> OpenLedger | None:
        """Return a member's ledger, where it keeps one."""
        return cls(network, member.max_iter, n_rows) if member.record_examples else None

    @property
    def page(self) -> tuple[NDArray[np.float32], NDArray[np.uint8] | None]:
        """The losses (1, n) and rights (1, ceil(n / 8)) of the epoch that is under way."""
        now = slice(self.n_written, self.n_written + 1)
        return self.losses[now], None if self.rights is None else self.rights[now]

    def begin(self) -> None:
        """Begin the epoch, or begin it anew: no row is met yet."""
        self.losses[self.n_written] = np.nan
        if self.rights is not None:
            self._right = np.zeros(self.losses.shape[1], dtype=bool)

    def write(self, rows: Any, losses: NDArray[Any], right: NDArray[np.bool_] | None) -> None:
        """Write down rows, by their numbers, with their losses and whether they are right."""
        self.losses[self.n_written, rows] = losses
        if self._right is not None and right is not None:
            self._right[rows] = right & np.isfinite(losses)

    def end(self) -> None:
        """End the epoch."""
        if self.rights is not None and self._right is not None:
            self.rights[self.n_written] = np.packbits(self._right)
        self.n_written += 1

    def closed(self, n_epochs: int) -> ExampleLedger:
        """Return the ledger of the first epochs."""
        # What was not written costs nothing where pages are taken as they are touched; elsewhere
        # half of it goes back.
        short = 2 * n_epochs <= len(self.losses)
        cut = [
            None if part is None else part[:n_epochs].copy() if short else part[:n_epochs]
            for part in (self.losses, self.rights)
        ]
        return _frozen(*cut)  # type: ignore[arg-type]


def _frozen(losses: NDArray[np.float32], packed: NDArray[np.uint8] | None) -> ExampleLedger:
    losses.flags.writeable = False
    if packed is not None:
        packed.flags.writeable = False
    return ExampleLedger(losses, packed)

"""Confusion: which class was taken for which, in counts and in words."""

from __future__ import annotations

__all__ = ["ConfusedPair", "Confusion", "confusion"]

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import fisher_exact
from sklearn.metrics import confusion_matrix

from glassnet.errors import DataError
from glassnet.evaluation.labels import class_positions, names_of
from glassnet.evaluation.plain import Plain

SIGNIFICANT = 0.05


@dataclass(frozen=True)
class ConfusedPair(Plain):
    """One class taken for another, and the other way round.

    Attributes
    ----------
    true, predicted : str
        The true class and the one it was taken for.
    count, rows : int
        How many of the true class's rows.
    reverse_count, reverse_rows : int
        How many rows of ``predicted`` were taken for ``true``.
    """

    true: str
    predicted: str
    count: int
    rows: int
    reverse_count: int
    reverse_rows: int

    @property
    def excess(self) -> float:
        """Share of ``true`` taken for ``predicted``, minus the share taken the other way."""
        back = self.reverse_count / self.reverse_rows if self.reverse_rows else 0.0
        return self.count / self.rows - back

    @property
    def is_one_sided(self) -> bool:
        """Whether the shares differ by Fisher's exact test at 5 %, for this pair by itself."""
        if not self.reverse_rows:
            return False
        table = [
            [self.count, self.rows - self.count],
            [self.reverse_count, self.reverse_rows - self.reverse_count],
        ]
        return bool(fisher_exact(table).pvalue < SIGNIFICANT)

    def sentence(self) -> str:
        """Return the pair in words."""
        text = f"{self.true} is taken for {self.predicted} in {self.count} of {self.rows} rows"
        if not self.reverse_rows:
            return text
        same = self.rows == self.reverse_rows
        back = f"{self.reverse_count}" if same else f"{self.reverse_count} of {self.reverse_rows}"
        return f"{text}, {self.predicted} for {self.true} in {back}"


@dataclass(frozen=True, eq=False)
class Confusion(Plain):
    """Confusion counts.

    Attributes
    ----------
    labels : tuple of str (k,)
        What the classes are called.
    counts : ndarray (k, k) of int
        Rows are true classes, columns assigned ones.
    """

    labels: tuple[str, ...]
    counts: npt.NDArray[np.int64]

    @property
    def n_mistakes(self) -> int:
        """How many rows got a wrong label."""
        return int(self.counts.sum() - np.trace(self.counts))

    def mistakes_of(self, i: int) -> tuple[tuple[str, int], ...]:
        """Return what class ``i`` was taken for, as (label, count), the most frequent first."""
        row = self.counts[i].copy()
        row[i] = 0
        order = np.argsort(-row, kind="stable")
        return tuple((self.labels[j], int(row[j])) for j in order if row[j])

    def top_pairs(self, n: int = 5) -> tuple[ConfusedPair, ...]:
        """Return the ``n`` most frequent mistakes, the most frequent first."""
        wrong = self._mistakes()
        order = np.argsort(-wrong, axis=None, kind="stable")[: max(n, 0)]
        return tuple(self._pair(int(i)) for i in order if wrong.flat[i])

    def likeliest_mistake(self) -> ConfusedPair | None:
        """Return the mistake that takes the largest share of a class's rows, None without any."""
        wrong = self._mistakes()
        share = wrong / np.maximum(self.counts.sum(axis=1, keepdims=True), 1)
        return self._pair(int(share.argmax())) if wrong.any() else None

    def one_sided_pairs(self, n: int = 5) -> tuple[ConfusedPair, ...]:
        """Return pairs confused one way much more than the other, the largest difference first.

        A pair counts as one-sided where Fisher's exact test tells its two shares apart at the 5 %
        level. Each pair is judged by itself: among hundreds of pairs a few will pass by chance.

        Parameters
        ----------
        n : int, default 5
            How many to return at most.

        Returns
        -------
        tuple of ConfusedPair
            ``count / rows`` is the larger of the two shares.
        """
        wrong = self._mistakes()
        rows = np.maximum(self.counts.sum(axis=1, keepdims=True), 1)
        excess = wrong / rows - (wrong / rows).T
        found: list[ConfusedPair] = []
        for i in np.argsort(-excess, axis=None, kind="stable"):
            if len(found) >= n or excess.flat[i] <= 0:
                break
            pair = self._pair(int(i))
            if pair.is_one_sided:
                found.append(pair)
        return tuple(found)

    def sentence(self, n: int = 3) -> str:
        """Return the most confused pairs in words, and the most one-sided of all pairs.

        Parameters
        ----------
        n : int, default 3
            How many pairs to name.
        """
        pairs = self._top_pairs_both_ways(n)
        if not pairs:
            return "No row got a wrong label."
        text = "Most often " + "; ".join(pair.sentence() for pair in pairs) + "."
        one_sided = self.one_sided_pairs(1)
        if not one_sided:
            return text
        pair = one_sided[0]
        if {pair.true, pair.predicted} in [{told.true, told.predicted} for told in pairs]:
            return f"{text} The most one-sided is {pair.true} for {pair.predicted}."
        return f"{text} The most one-sided: {pair.sentence()}."

    def _top_pairs_both_ways(self, n: int) -> list[ConfusedPair]:
        """Return the top pairs without those that another one already tells as its reverse."""
        told: dict[frozenset[str], ConfusedPair] = {}
        for pair in self.top_pairs(2 * n):
            told.setdefault(frozenset((pair.true, pair.predicted)), pair)
        return list(told.values())[:n]

    def _mistakes(self) -> npt.NDArray[np.int64]:
        wrong = self.counts.copy()
        np.fill_diagonal(wrong, 0)
        return wrong

    def _pair(self, flat: int) -> ConfusedPair:
        i, j = divmod(flat, len(self.labels))
        rows = self.counts.sum(axis=1)
        return ConfusedPair(
            true=self.labels[i],
            predicted=self.labels[j],
            count=int(self.counts[i, j]),
            rows=int(rows[i]),
            reverse_count=int(self.counts[j, i]),
            reverse_rows=int(rows[j]),
        )


def confusion(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    classes: npt.ArrayLike,
    class_names: Sequence[str] | None = None,
) -> Confusion:
    """Count for each true class what its rows were taken for.

    Parameters
    ----------
    y_true, y_pred : array-like (n,)
        True and assigned labels.
    classes : array-like (k,)
        All labels, in the order of the counts.
    class_names : sequence of str (k,), optional
        What to call each class; by default the label.

    Returns
    -------
    Confusion
        Counts (k, k): rows are true classes, columns assigned ones.

    Raises
    ------
    DataError
        If there are no rows, lengths differ, or a label is not in ``classes``.

    Examples
    --------
    >>> counts = confusion(["2", "2", "8"], ["2", "8", "8"], classes=["2", "8"])
    >>> counts.sentence()
    'Most often 2 is taken for 8 in 1 of 2 rows, 8 for 2 in 0 of 1.'
    """
    names = names_of(classes, class_names)
    true = class_positions(y_true, classes, "the true labels")
    predicted = class_positions(y_pred, classes, "the assigned labels", rows=len(true))
    if not len(true):
        raise DataError("There are no rows to count confusions on.")
    counts = confusion_matrix(true, predicted, labels=np.arange(len(names)))
    return Confusion(names, counts.astype(np.int64))

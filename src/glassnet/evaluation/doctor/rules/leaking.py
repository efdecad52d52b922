"""A column that gives the label away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse

from glassnet.evaluation.doctor.finding import Bars, Finding
from glassnet.evaluation.doctor.naming import column_name, listed, percent
from glassnet.evaluation.doctor.notes import CaseNotes

LIMIT, FEWEST, ROWS, CHUNK, SHOWN = 0.01, 50.0, 2000, 512, 8


@final
class LeakingColumns:
    """Rows sorted by one column alone have hardly any neighbours of different classes.

    With classes of shares p, two neighbours at random differ with probability 1 - Σ p². A column
    leaks where they differ at most 1 % as often, counted over up to 2000 training rows (ties in
    random order; k - 1 changes, one from each class to the next, are free). Where most neighbours
    have equal values, as codes and text do, only those are counted. This is the number of runs of
    A. Wald and J. Wolfowitz ("On a test whether two samples are from the same population", 1940),
    asked of each column. The best column of iris has 9 % of the changes of chance, of breast
    cancer 26 %, of wine 40 %, of digits and X.csv 90 %: an honest column that alone leaves 1 % is
    rare; a copy of the label, or a row number in a file that is sorted by label, is common. A
    column that gives one of several classes away, as petal lengths do, does not count. (S. Kaufman,
    S. Rosset, C. Perlich and O. Stitelman, "Leakage in data mining", 2012.)
    """

    name = "leaking_columns"
    needs = ("X",)

    def examine(self, notes: CaseNotes) -> Finding | None:
        """Sort by each column."""
        table = notes.X if notes.table is None else notes.table
        rows = np.random.RandomState(0).permutation(notes.n_rows)[:ROWS]
        y = np.searchsorted(notes.classes, notes.y[rows])
        shares = np.bincount(y) / len(y)
        differing = float(1 - np.sum(shares**2))
        if differing * len(y) < max(FEWEST, 10 * len(notes.classes)):
            return None
        left = np.array(list(_changes(table, rows, y, len(notes.classes) - 1))) / differing
        order = np.argsort(left, kind="stable")
        leaks = [int(i) for i in order if left[i] <= LIMIT]
        if not leaks:
            return None
        names = [column_name(notes, i, len(left)) for i in range(len(left))]
        culprits = [names[i] for i in leaks]
        they = (
            f"the column {culprits[0]} alone tells"
            if len(leaks) == 1
            else (f"each of the columns {listed(culprits)} alone tells")
        )
        return Finding(
            rule=self.name,
            severity="critical",
            sentence=f"Of the rows sorted by it, {they} the classes apart: neighbours differ "
            f"{percent(float(left[leaks[0]]))} as often as by chance.",
            advice="Unless it is known before the label is, it gives the answer away and new rows "
            f"will not have it: leave {'it' if len(leaks) == 1 else 'them'} out.",
            preparation={"drop": culprits},
            evidence={"columns": culprits, "left": [float(left[i]) for i in leaks]},
            picture=Bars(
                "What each column alone tells of the class",
                "share of the class changes of chance that it avoids",
                tuple(names[i] for i in order[:SHOWN]),
                tuple(max(0.0, 1 - float(left[i])) for i in order[:SHOWN]),
                limit=1 - LIMIT,
                limit_name="99 %",
                marked=tuple(range(min(len(leaks), SHOWN))),
            ),
        )


def _changes(
    table: Any, rows: npt.NDArray[np.intp], y: npt.NDArray[np.intp], free: int
) -> Iterator[float]:
    """Give, for each column, the share of neighbours of different classes y (r,)."""
    for values, is_text in _columns(table, rows):
        order = np.argsort(values, kind="stable")
        sorted_values, labels = values[order], y[order]
        changes = labels[1:] != labels[:-1]
        equal = sorted_values[1:] == sorted_values[:-1]
        if is_text or equal.mean() >= 0.5:
            # Names that are nearly all different say nothing of other rows.
            yield float(changes[equal].mean()) if equal.mean() >= 0.5 else 1.0
        else:
            yield max(int(changes.sum()) - free, 0) / len(changes)


def _columns(table: Any, rows: npt.NDArray[np.intp]) -> Iterator[tuple[npt.NDArray[Any], bool]]:
    """Give the values (r,) of each column, and whether they are text (as codes)."""
    if isinstance(table, pd.DataFrame):
        for name in table.columns:
            column = table[name].iloc[rows]
            if column.dtype.kind in "fiub":
                yield column.to_numpy(dtype=np.float64, na_value=-np.inf), False
            else:
                yield pd.factorize(column, use_na_sentinel=False)[0], True
        return
    part = table[rows]
    for start in range(0, part.shape[1], CHUNK):
        block = part[:, start : start + CHUNK]
        block = block.toarray() if scipy.sparse.issparse(block) else np.asarray(block)
        for column in np.ascontiguousarray(block.T):
            yield column, False

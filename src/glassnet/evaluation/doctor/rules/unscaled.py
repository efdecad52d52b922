"""Columns that differ by orders of magnitude, or are large."""

from __future__ import annotations

from typing import Any, final

import numpy as np
import numpy.typing as npt
import scipy.sparse

from glassnet.evaluation.doctor.finding import Bars, Finding
from glassnet.evaluation.doctor.naming import column_name
from glassnet.evaluation.doctor.notes import CaseNotes

UNLIKE, LARGE, SHOWN = 30.0, 30.0, 8


@final
class Unscaled:
    """A column is 30 times as large as the median one, or all columns together are above 30.

    Size is the root mean square, which for the first layer is the curvature that a column causes:
    the ratio of the largest to the smallest curvature is the number of steps that gradient descent
    needs (Y. LeCun and others, "Efficient BackProp", 1998, section 4.3), and columns of size 1 are
    what initial weights are made for. The limit is between what trains well and what does not:
    digits as they are 1.7, the pixels of X.csv 4.6, iris 1.6; wine as it is 312, where a default
    net gets 91 % instead of all rows, breast cancer 4400. For the size of all columns: digits 7.8,
    images of 0 to 255 about 100. Constant columns and, among pictures, the pixels' unlike sizes do
    not count.
    """

    name = "unscaled"
    needs = ("X",)

    def examine(self, notes: CaseNotes) -> Finding | None:
        """Measure the columns that the model takes."""
        if "learning_rate_init" not in notes.parameters and notes.loss_curve is None:
            return None  # trees and neighbours' votes have their own ways
        sizes = column_sizes(notes.X)
        used = np.flatnonzero(sizes > 0)
        if not used.size:
            return None
        order = used[np.argsort(-sizes[used], kind="stable")]
        largest, median = float(sizes[order[0]]), float(np.median(sizes[used]))
        overall = float(np.sqrt(np.mean(sizes[used] ** 2)))
        ratio = largest / median
        names = _input_names(notes, len(sizes))
        scale = "pixels" if notes.is_image else "standard"
        if ratio >= UNLIKE and not notes.is_image:
            sentence = (
                f"Columns have unlike scales: {names[order[0]]} is of size {largest:.3g}, the "
                f"median column of size {median:.3g}, {ratio:.0f} times less."
            )
        elif overall >= LARGE:
            sentence = (
                f"Columns are large: their size is {overall:.3g} together, where weights are "
                "made for about 1."
            )
        else:
            return None
        shown = [*order[:SHOWN]]
        return Finding(
            rule=self.name,
            severity="warning",
            sentence=sentence,
            advice="Scale the columns: a step that suits one of them is too large or too small "
            "for the others."
            if ratio >= UNLIKE
            else "Scale them to about 1, so that the hidden units start where they can learn.",
            preparation={"scale": scale},
            evidence={"largest": largest, "median": median, "overall": overall, "ratio": ratio},
            picture=Bars(
                f"The {len(shown)} largest of {len(used)} columns",
                "root mean square",
                tuple(names[i] for i in shown),
                tuple(float(sizes[i]) for i in shown),
                limit=median,
                limit_name="the median column",
                marked=tuple(i for i, j in enumerate(shown) if sizes[j] >= UNLIKE * median),
                log=ratio >= UNLIKE,
            ),
        )


def column_sizes(X: Any) -> npt.NDArray[np.float64]:
    """Return the root mean square of each column (d,); 0 for those that do not vary."""
    if scipy.sparse.issparse(X):
        mean = np.asarray(X.mean(axis=0)).ravel()
        square = np.asarray(X.multiply(X).mean(axis=0)).ravel()
        return np.where(square - mean**2 > 1e-12 * square, np.sqrt(square), 0.0)
    values = np.asarray(X, dtype=np.float64)
    sizes: npt.NDArray[np.float64] = np.sqrt(np.mean(values**2, axis=0))
    return np.where(np.ptp(values, axis=0) > 0, sizes, 0.0)


def _input_names(notes: CaseNotes, d: int) -> list[str]:
    return [column_name(notes, i, d) for i in range(d)]

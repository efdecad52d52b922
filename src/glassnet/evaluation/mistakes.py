"""The worst mistakes: rows that got a wrong label with the most confidence."""

from __future__ import annotations

__all__ = ["Mistake", "worst_mistakes"]

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from glassnet.errors import DataError
from glassnet.evaluation.labels import class_positions, names_of
from glassnet.evaluation.plain import Plain


@dataclass(frozen=True)
class Mistake(Plain):
    """One row that got a wrong label.

    Attributes
    ----------
    row : int
        Its number in the data, counted from 0.
    true, predicted : str
        What the true and the assigned class are called.
    probability : float
        Probability that the model gave to the label it assigned.
    probability_of_true : float
        Probability that it gave to the true label.
    """

    row: int
    true: str
    predicted: str
    probability: float
    probability_of_true: float


def worst_mistakes(
    y_true: npt.ArrayLike,
    proba: npt.ArrayLike,
    classes: npt.ArrayLike,
    class_names: Sequence[str] | None = None,
    rows: npt.ArrayLike | None = None,
    limit: int | None = 25,
) -> tuple[Mistake, ...]:
    """Return the mistakes made with the most confidence, the most confident first.

    The assigned label is the one of the largest probability. Mistakes of equal confidence are
    ordered by how little was left for the true label, then by row.

    Parameters
    ----------
    y_true : array-like (n,)
        True labels.
    proba : array-like (n, k)
        Probabilities, columns in the order of ``classes``.
    classes : array-like (k,)
        The labels.
    class_names : sequence of str (k,), optional
        What to call each class; by default the label.
    rows : array-like (n,) of int, optional
        Number of each row in the whole data; by default 0..n-1.
    limit : int or None, default 25
        How many to return at most; None returns all.

    Returns
    -------
    tuple of Mistake
        Empty where there are no mistakes.

    Raises
    ------
    DataError
        If shapes do not fit or a label is not in ``classes``.

    Examples
    --------
    >>> worst_mistakes(["a", "b"], [[0.2, 0.8], [0.6, 0.4]], ["a", "b"], limit=1)
    (Mistake(row=0, true='a', predicted='b', probability=0.8, probability_of_true=0.2),)
    """
    names = names_of(classes, class_names)
    true = class_positions(y_true, classes, "the true labels")
    probabilities = np.asarray(proba, dtype=np.float64)
    numbers = np.arange(len(true)) if rows is None else np.asarray(rows)
    if probabilities.shape != (len(true), len(names)):
        raise DataError(
            f"The probabilities have shape {probabilities.shape}, but {len(true)} rows and "
            f"{len(names)} classes need {(len(true), len(names))}."
        )
    if numbers.shape != true.shape:
        raise DataError(f"{len(numbers)} row numbers were given for {len(true)} rows.")
    predicted = np.argmax(probabilities, axis=1)
    wrong = np.flatnonzero(predicted != true)
    confidence = probabilities[wrong, predicted[wrong]]
    left = probabilities[wrong, true[wrong]]
    worst = wrong[np.lexsort((numbers[wrong], left, -confidence))][:limit]
    return tuple(
        Mistake(
            row=int(numbers[i]),
            true=names[true[i]],
            predicted=names[predicted[i]],
            probability=float(probabilities[i, predicted[i]]),
            probability_of_true=float(probabilities[i, true[i]]),
        )
        for i in worst
    )

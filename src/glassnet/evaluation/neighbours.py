"""The nearest training examples of a row: what the model saw that was like it."""

from __future__ import annotations

__all__ = ["Neighbours", "nearest_examples"]

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.neighbors import NearestNeighbors

from glassnet.errors import DataError
from glassnet.evaluation.plain import Plain


@dataclass(frozen=True, eq=False)
class Neighbours(Plain):
    """The nearest examples of q rows.

    Attributes
    ----------
    rows : ndarray (q, m) of int
        Their numbers among the examples, the nearest first.
    distances : ndarray (q, m)
        Euclidean distances.
    """

    rows: npt.NDArray[np.intp]
    distances: npt.NDArray[np.float64]


def nearest_examples(
    examples: Any,
    X: Any,
    *,
    n_neighbors: int = 5,
    itself: npt.ArrayLike | None = None,
) -> Neighbours:
    """Find the examples nearest to each row, by Euclidean distance.

    Near in the space that is given: of the net's inputs, or, with
    ``FittedNet.layers(X).activations[-1]`` for both, of what its last hidden layer makes of them,
    where examples are near that the net treats alike.

    Parameters
    ----------
    examples : array-like or sparse matrix (n, d)
        Rows to find among, such as the training rows.
    X : array-like or sparse matrix (q, d)
        Rows whose neighbours to find.
    n_neighbors : int, default 5
        How many a row, at most those that there are.
    itself : array-like (q,) of int, optional
        Each row's own number among the examples, where it is one of them: it is left out, and a
        double of it is not. -1 for a row that is none.

    Returns
    -------
    Neighbours

    Raises
    ------
    DataError
        If there are no examples to find, or lengths do not fit.

    Examples
    --------
    >>> found = nearest_examples([[0.0], [1.0], [5.0]], [[1.2]], n_neighbors=2)
    >>> found.rows.tolist(), found.distances.round(1).tolist()
    ([[1, 0]], [[0.2, 1.2]])
    """
    n, q = np.shape(examples)[0], np.shape(X)[0]
    own = np.full(q, -1) if itself is None else np.asarray(itself)
    if own.shape != (q,):
        raise DataError(f"{own.size} own numbers were given for {q} rows.")
    excludes = bool((own >= 0).any())
    wanted = min(n_neighbors, n - excludes)
    if wanted < 1:
        raise DataError(f"There are no {n_neighbors} neighbours to find among {n} examples.")
    if not q:
        return Neighbours(np.empty((0, wanted), np.intp), np.empty((0, wanted)))
    finder = NearestNeighbors(n_neighbors=wanted + excludes, algorithm="brute").fit(examples)
    distances, rows = finder.kneighbors(X)
    if excludes:
        # Itself where it is found, else, among more doubles than were asked for, the farthest.
        leave_out = np.where(rows == own[:, None], 1, 0)
        missing = leave_out.sum(axis=1) == 0
        leave_out[missing, -1] = 1
        keep = leave_out == 0
        rows, distances = rows[keep].reshape(q, wanted), distances[keep].reshape(q, wanted)
    return Neighbours(rows, distances)

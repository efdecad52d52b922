"""Inputs for a net out of numbers of any scale: squashed, and spread over pieces of their range."""

from __future__ import annotations

__all__ = ["InputOptions", "NetInputs"]

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, final

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

# Rows that quantiles are measured on, and elements that are in work at once: memory stays bounded.
MOST_MEASURED = 2**16
CHUNK_ELEMENTS = 2**21
# What the pieces of all rows may take.
MOST_BYTES = 2**30

# Columns that share one range, such as pixels: most of what varies does so between common ends. A
# column counts by its deviation: the corners of images are nearly always empty.
FEWEST_SHARING = 8
SHARING = 0.9
NEAR_LOW, NEAR_HIGH = 0.1, 0.35


@dataclass(frozen=True)
class InputOptions:
    """How numbers become inputs.

    Attributes
    ----------
    shares_ranges : bool, default=True
        Whether columns that share one range are divided by one common deviation.
    squashes : float, default=3.0
        c of ``z / sqrt(1 + (z / c)²)``, which keeps outliers within c; 0 for none.
    pieces : int, default=8
        Pieces of a column's range, at most; 0 for none.
    most_pieces : int, default=512
        Pieces of all columns together, at most; wider tables have fewer a column, down to none.
    fewest_values : int, default=8
        Distinct values that a column needs to be cut into pieces.
    """

    shares_ranges: bool = True
    squashes: float = 3.0
    pieces: int = 8
    most_pieces: int = 512
    fewest_values: int = 8


@final
@dataclass(frozen=True, eq=False)
class NetInputs:
    """What was measured of the columns of training rows, and what it makes of rows.

    A number x of a column becomes::

        u = z / sqrt(1 + (z / c)²),    z = (x - centre) / scale

    (D. Holzmüller, L. Grinsztajn and I. Steinwart, "Better by default: strong pre-tuned MLPs and
    boosted trees on tabular data", NeurIPS 2024), where centre is the median and scale the distance
    of the quartiles (half the range where that is 0). Columns of one common range, such as
    pixels, have their own mean and the common standard deviation, and are not squashed.

    Columns that are few and have many values are besides spread over pieces [b_t, b_t+1] of their
    range between quantiles, each an input of its own::

        e_t = min(max((x - b_t) / (b_t+1 - b_t), 0), 1)

    so that a layer's weighted sum is any continuous function of x that is linear between the b_t
    (Y. Gorishniy, I. Rubachev and A. Babenko, "On embeddings for numerical features in tabular deep
    learning", NeurIPS 2022).

    Attributes
    ----------
    centre, scale : ndarray of shape (d,)
        Of each column, float64; a column without spread has scale inf, and so becomes 0.
    squash : float
        c, or 0 for none.
    edges : list of ndarray of shape (t + 1,)
        The b_t of each column that is spread, sorted.
    spread : ndarray of int of shape (e,)
        Which columns those are.
    is_sparse : bool
        Whether rows stay sparse; then only `scale` is used, and columns are divided by it.
    """

    centre: NDArray[np.float64]
    scale: NDArray[np.float64]
    squash: float
    spread: NDArray[np.int64]
    edges: list[NDArray[np.float64]] = field(default_factory=list)
    is_sparse: bool = False

    @classmethod
    def measure(
        cls, X: Any, options: InputOptions, random_state: np.random.RandomState
    ) -> NetInputs:
        """Measure the columns of training rows.

        Parameters
        ----------
        X : ndarray or CSR matrix of shape (n, d)
            Finite numbers.
        options : InputOptions
            How numbers become inputs.
        random_state : RandomState
            Chooses the rows that quantiles are measured on, where there are many.
        """
        none = np.zeros(0, np.int64)
        if sp.issparse(X):
            largest = np.asarray(abs(X).max(axis=0).todense(), np.float64).ravel()
            scale = np.where(largest > 0, largest, np.inf)
            return cls(np.zeros(X.shape[1]), scale, 0.0, none, is_sparse=True)
        low, high = _ends(X)
        rows = X
        if X.shape[0] > MOST_MEASURED:
            rows = X[np.sort(random_state.choice(X.shape[0], MOST_MEASURED, replace=False))]
        if options.shares_ranges and (high > low).sum() >= FEWEST_SHARING:
            mean, variance = _moments(rows)
            if _share_one_range(low, high, np.sqrt(variance)):
                common = np.sqrt(variance[high > low].mean())
                return cls(mean, np.where(high > low, common, np.inf), 0.0, none)
        centre, scale, spread, edges = _measure_columns(rows, X.shape[0], low, high, options)
        return cls(centre, scale, float(options.squashes), spread, edges)

    @property
    def n_features(self) -> int:
        """Columns d that it takes."""
        return len(self.centre)

    @property
    def shares_one_range(self) -> bool:
        """Whether the columns have one deviation in common, as pixels have."""
        varying = self.scale[np.isfinite(self.scale)]
        is_plain = not (self.is_sparse or self.squash or self.edges)
        return is_plain and len(varying) > 1 and bool((varying == varying[0]).all())

    @property
    def n_out(self) -> int:
        """Inputs that it makes of a row."""
        return self.n_features + sum(len(edges) - 1 for edges in self.edges)

    def without_pieces(self) -> NetInputs:
        """Return what makes the same inputs but for the pieces."""
        return replace(self, spread=self.spread[:0], edges=[])

    def names_out(self, names: Any) -> NDArray[Any]:
        """Name the inputs, given the names of the d columns: "age", "age 17 to 25"."""
        pieces = [
            f"{names[column]} {low:g} to {high:g}"
            for column, edges in zip(self.spread, self.edges, strict=True)
            for low, high in pairwise(edges)
        ]
        return np.array([*map(str, names), *pieces], dtype=object)

    def apply(self, X: Any) -> Any:
        """Return the inputs of rows.

        Parameters
        ----------
        X : ndarray or CSR matrix of shape (n, d)
            Numbers; what is missing counts as the centre of its column.

        Returns
        -------
        ndarray or CSR matrix of shape (n, n_out), float32
        """
        if self.is_sparse:
            rows = sp.csr_array(X, dtype=np.float32, copy=True)
            rows.sum_duplicates()
            rows.data /= self.scale.astype(np.float32)[rows.indices]
            return rows
        out = np.empty((X.shape[0], self.n_out), np.float32)
        for rows in _chunks(X.shape[0], max(self.n_out, 1)):
            part = X[rows].toarray() if sp.issparse(X) else X[rows]
            self._fill(np.asarray(part, np.float64), out[rows])
        return out

    def _fill(self, X: NDArray[np.float64], out: NDArray[np.float32]) -> None:
        """Write the inputs of rows (n, d) into out (n, n_out)."""
        missing = np.isnan(X)
        if missing.any():
            X = np.where(missing, self.centre, X)
        z = (X - self.centre) / self.scale
        if self.squash:
            z /= np.sqrt(1 + (z / self.squash) ** 2)
        place = self.n_features
        out[:, :place] = z
        for column, edges in zip(self.spread, self.edges, strict=True):
            width = np.diff(edges)
            pieces = (X[:, [column]] - edges[:-1]) / width
            out[:, place : place + len(width)] = np.clip(pieces, 0, 1)
            place += len(width)


def _chunks(n: int, width: int) -> Iterator[slice]:
    """Cut n rows of so many elements into pieces that fit the memory for work."""
    step = max(1, CHUNK_ELEMENTS // width)
    for first in range(0, n, step):
        yield slice(first, min(first + step, n))


def _ends(X: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return X.min(axis=0).astype(np.float64), X.max(axis=0).astype(np.float64)


def _share_one_range(
    low: NDArray[np.float64], high: NDArray[np.float64], deviation: NDArray[np.float64]
) -> bool:
    """Say whether most of what varies has its ends near those of all columns (d,)."""
    varies = high > low
    low, high, weight = low[varies], high[varies], deviation[varies]
    if not 0 < weight.sum() < np.inf or 2 * weight.sum() ** 2 < FEWEST_SHARING * (weight**2).sum():
        return False  # a few columns have nearly all of the deviation
    weight = weight / weight.sum()
    first, last = low.min(), high.max()
    length = last - first
    near_low = low - first <= NEAR_LOW * length
    near_high = last - high <= NEAR_HIGH * length
    return bool(weight[near_low].sum() >= SHARING and weight[near_high].sum() >= SHARING)


def _moments(X: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the means and the variances (d,) of the columns; infinite where they are too large."""
    with np.errstate(over="ignore", invalid="ignore"):
        mean = X.mean(axis=0, dtype=np.float64)
        squares = [
            np.square(X[rows].astype(np.float64) - mean).sum(axis=0)
            for rows in _chunks(X.shape[0], X.shape[1])
        ]
        return mean, np.sum(squares, axis=0) / X.shape[0]


def _measure_columns(
    X: NDArray[Any],
    n_rows: int,
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    options: InputOptions,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], list[NDArray[np.float64]]]:
    """Return centre, scale, the columns to spread, and their edges, as some of n_rows rows say."""
    d = X.shape[1]
    centre, scale = np.empty(d), np.empty(d)
    spread, edges = [], []
    columns = max(1, CHUNK_ELEMENTS // X.shape[0])
    levels = [0.25, 0.5, 0.75]
    for first in range(0, d, columns):
        part = slice(first, first + columns)
        q1, q2, q3 = np.quantile(X[:, part].astype(np.float64), levels, axis=0)
        centre[part], scale[part] = q2, q3 - q1
    scale = np.where(scale > 0, scale, (high - low) / 2)
    scale = np.where(scale > 0, scale, np.inf)
    wide = [j for j in range(d) if high[j] > low[j]]
    if options.pieces and len(wide) * 2 <= options.most_pieces:
        candidates = [j for j in wide if len(np.unique(X[:, j])) >= options.fewest_values]
        room = min(options.most_pieces, MOST_BYTES // (4 * n_rows))
        pieces = min(options.pieces, room // max(len(candidates), 1))
        for j in candidates if pieces > 1 else []:
            found = _edges(X[:, j].astype(np.float64), pieces)
            if len(found) > 2:
                spread.append(j)
                edges.append(found)
    return centre, scale, np.array(spread, np.int64), edges


def _edges(x: NDArray[np.float64], pieces: int) -> NDArray[np.float64]:
    """Return the ends of pieces of a column (n,) that hold about as many rows each.

    A value that so many rows have that it would fill a piece alone, such as 0 in a column of rare
    amounts, is an end by itself, and the quantiles are those of the other rows.
    """
    values, counts = np.unique(x, return_counts=True)
    most = counts.argmax()
    if counts[most] * pieces <= len(x):
        return np.unique(np.quantile(x, np.linspace(0, 1, pieces + 1)))
    others = np.quantile(x[x != values[most]], np.linspace(0, 1, pieces))
    found: NDArray[np.float64] = np.union1d(others, values[most])
    return found

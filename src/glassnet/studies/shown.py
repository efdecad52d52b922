"""The rows that a study's page lets one look at: held-out rows, and training rows near them."""

from __future__ import annotations

__all__ = ["ShownRows", "shown_rows"]

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from glassnet.data import Dataset
from glassnet.evaluation import nearest_examples
from glassnet.pictures.mosaic import scaled_for_display
from glassnet.report import ExampleColumn, Examples, Predictions

if TYPE_CHECKING:
    from glassnet.studies.result import ModelReading, StudyResult

HELD_OUT, TRAINING = "held-out", "training"
MOST_ROWS = 4000  # held-out rows in a page; it stays below five megabytes
MOST_COLUMNS = 30
FIGURES = 6  # significant ones of a number in a table
NEIGHBOURS = 4
MOST_WITH_NEIGHBOURS = 1500
MOST_PIXELS = 3_000_000  # of neighbours
N_SUSPECTS = 200
MOST_UNITS = 100


@dataclass(frozen=True, eq=False)
class ShownRows:
    """The rows in a page.

    Attributes
    ----------
    examples : Examples
        The rows; held-out ones first.
    rows : ndarray (m,) of int
        Their numbers in the data set.
    held_out : int
        How many of them are held out.
    predictions : dict of str to Predictions
        What each model says of them, by the model's name.
    """

    examples: Examples
    rows: NDArray[np.intp]
    held_out: int
    predictions: dict[str, Predictions]

    @property
    def held_out_positions(self) -> NDArray[np.intp]:
        """The positions of the held-out rows."""
        return np.arange(self.held_out)

    def positions(self, rows: NDArray[Any]) -> NDArray[np.intp]:
        """Return the positions of rows of the data set, all of them in the page.

        Raises
        ------
        KeyError
            If one is not.
        """
        return np.array([self._place[int(row)] for row in rows], dtype=np.intp)

    @cached_property
    def _place(self) -> dict[int, int]:
        return {int(row): i for i, row in enumerate(self.rows)}


def shown_rows(result: StudyResult) -> ShownRows:
    """Choose the rows of a study's page, and take what is shown of them."""
    dataset, train = result.dataset, result.split.train
    held_out = _chosen(result)
    X = result.preprocessor.transform(dataset.X)
    near = held_out[: _with_neighbours(dataset, len(held_out))]
    found = nearest_examples(X[train], X[near], n_neighbors=NEIGHBOURS)
    neighbours = train[found.rows]
    rows = _once(held_out, _suspects(result), _extremes(result), neighbours.ravel())
    place = np.full(dataset.n_rows, -1, dtype=np.intp)
    place[rows] = np.arange(len(rows))
    is_image = dataset.image is not None
    examples = Examples(
        classes=dataset.class_names,
        numbers=rows,
        truth=np.searchsorted(dataset.classes, np.asarray(dataset.y)[rows]),
        sets=(HELD_OUT, TRAINING),
        set_of=np.isin(rows, train).astype(np.uint8),
        images=pictures_of(dataset, np.asarray(dataset.X)[rows]) if is_image else None,
        columns=() if is_image else columns_of(result, rows),
        neighbours=place[neighbours],
    )
    predictions = {
        reading.name: Predictions(reading.name, np.clip(reading.probabilities[rows], 0, 1))
        for reading in result.readings
    }
    return ShownRows(examples, rows, len(held_out), predictions)


def _once(*lists: NDArray[Any]) -> NDArray[np.intp]:
    """Return all rows of some lists in their order, each once."""
    rows = np.concatenate([np.asarray(each, dtype=np.intp) for each in lists])
    return rows[np.sort(np.unique(rows, return_index=True)[1])]


def _with_neighbours(dataset: Dataset, count: int) -> int:
    """Return of how many rows the neighbours are in the page, whose pictures take room."""
    if dataset.image is None:
        return min(count, MOST_WITH_NEIGHBOURS)
    room = max(MOST_PIXELS // (NEIGHBOURS * dataset.image.n_pixels), 100)
    return min(count, MOST_WITH_NEIGHBOURS, room)


def _suspects(result: StudyResult) -> NDArray[np.intp]:
    return np.array(
        [each.row for each in result.suspects.found.suspects[:N_SUSPECTS]], dtype=np.intp
    )


def _extremes(result: StudyResult) -> NDArray[np.intp]:
    """Return the rows that fire hidden units most and least."""
    if result.depth is None:
        return np.empty(0, dtype=np.intp)
    profiles = result.depth.profiles[:MOST_UNITS]
    lists = [each for profile in profiles for each in (profile.most, profile.least)]
    return np.asarray(result.depth.rows[np.concatenate(lists)])


def _chosen(result: StudyResult) -> NDArray[np.intp]:
    """Return the held-out rows, those first that a model errs on or is least sure of."""
    rows = result.split.holdout
    margin = np.min([_margins(reading, result)[rows] for reading in result.readings], axis=0)
    return rows[np.argsort(margin, kind="stable")[:MOST_ROWS]]


def _margins(reading: ModelReading, result: StudyResult) -> NDArray[np.float64]:
    """Return by how much the true class (n,) leads over all others; negative for a mistake."""
    p = np.array(reading.probabilities)
    truth = np.searchsorted(result.dataset.classes, np.asarray(result.dataset.y))
    own = np.take_along_axis(p, truth[:, None], axis=1)[:, 0]
    np.put_along_axis(p, truth[:, None], -1.0, axis=1)
    return np.asarray(own - p.max(axis=1))


def pictures_of(dataset: Dataset, X: NDArray[Any]) -> NDArray[np.uint8]:
    """Return rows (m, d) as pictures (m, height, width[, 3]) of bytes, on the data's one scale."""
    assert dataset.image is not None
    images = dataset.image.to_images(X)
    values = np.asarray(dataset.X)
    if images.ndim == 4:
        # One picture that holds the ends of the data's scale decides how colours are read.
        ends = np.resize([values.min(), values.max()], (1, *images.shape[1:])).astype(values.dtype)
        shares = scaled_for_display(np.concatenate([ends, images.astype(values.dtype)]))[1:]
    else:
        low, high = float(values.min()), float(values.max())
        shares = (images - low) / ((high - low) or 1.0)
    return np.rint(255 * np.clip(shares, 0, 1)).astype(np.uint8)


def columns_of(result: StudyResult, rows: NDArray[Any]) -> tuple[ExampleColumn, ...]:
    """Return the columns of a table, as text, those that the net weighs most first."""
    dataset = result.dataset
    order = np.argsort(-column_weights(result), kind="stable")[:MOST_COLUMNS]
    part = dataset.subset(rows).X
    return tuple(
        _column(
            dataset.feature_names[j],
            part.iloc[:, j] if isinstance(part, pd.DataFrame) else pd.Series(part[:, j]),
        )
        for j in order
    )


def _column(name: str, values: pd.Series[Any]) -> ExampleColumn:
    codes, distinct = pd.factorize(values, use_na_sentinel=False)
    return ExampleColumn(name, tuple(map(written, distinct)), codes)


def written(value: Any) -> str:
    if pd.isna(value):
        return "missing"
    if isinstance(value, str):
        return value
    number = float(value)
    return (
        f"{number:.0f}" if number.is_integer() and abs(number) < 1e15 else f"{number:.{FIGURES}g}"
    )


def column_weights(result: StudyResult) -> NDArray[np.float64]:
    """Return for each column (d,) of the table how much of the net's first weights reads it.

    The squared weights of a prepared column times its variance, summed over all that is made of
    the same column of the table.
    """
    coef = np.asarray(result.net.coefs_[0], dtype=np.float64)
    prepared = result.preprocessor.transform(result.dataset.subset(result.split.train).X)
    strength = (coef**2).sum(axis=1) * prepared.var(axis=0)
    total = np.zeros(result.dataset.n_columns)
    np.add.at(total, result.preprocessor.origins(), strength)
    return total

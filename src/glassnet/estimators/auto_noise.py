"""Noisy copies of rows, for courses that train on them: inputs of one range only."""

from __future__ import annotations

__all__ = ["StockedRows", "copies_of", "stocked"]

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from glassnet.data.net_inputs import NetInputs
from glassnet.estimators.auto_recipe import Course, Recipe
from glassnet.estimators.memory import check_rows_memory

# Memory that rows and their copies may take, and elements of noise that are drawn at once.
_MOST_BYTES = 2**30
_CHUNK = 2**21


@final
@dataclass(frozen=True, eq=False)
class StockedRows:
    """Rows, with noisy copies of them below where a course asks for some.

    Attributes
    ----------
    X : ndarray or CSR matrix of shape (copies * n, inputs)
        The rows themselves come first.
    targets : ndarray of shape (copies * n, k) or (copies * n, 1)
        What they are.
    n : int
        Rows.
    copies : int
        How often each is there, itself counted.
    """

    X: Any
    targets: NDArray[Any]
    n: int
    copies: int

    def seen_by(self, course: Course) -> int:
        """Return how many of the rows, from the first on, a course trains on."""
        return self.n * self.copies if course.is_noisy else self.n


def copies_of(recipe: Recipe, inputs: NetInputs, n: int) -> int:
    """Return how often each of n rows can be there: once where noise is out of question."""
    if not recipe.noise or not inputs.shares_one_range:
        return 1
    return int(min(recipe.copies, max(1, _MOST_BYTES // (4 * n * inputs.n_out))))


def stocked(
    recipe: Recipe,
    courses: Iterable[Course],
    inputs: NetInputs,
    numbers: Any,
    targets: NDArray[Any],
    *,
    copies: int,
    random_state: np.random.RandomState,
) -> StockedRows:
    """Make the nets' inputs, with noisy copies where one of the courses trains on them.

    To each input that varies, normal noise is added whose deviation is a share of the common one of
    all inputs. A net trained on such copies is smoother, as by a penalty on its slopes (C. M.
    Bishop, "Training with noise is equivalent to Tikhonov regularization", Neural Computation 7,
    1995).

    Parameters
    ----------
    recipe : Recipe
        The constants.
    courses : iterable of Course
        All that the rows are for.
    inputs : NetInputs
        Makes the inputs.
    numbers : ndarray or CSR matrix of shape (n, d)
        The training rows.
    targets : ndarray of shape (n, k) or (n, 1)
        What the rows are.
    copies : int
        See `copies_of`.
    random_state : RandomState
        Draws the noise.

    Raises
    ------
    MemoryError
        Where the inputs take more memory than is free.
    """
    n, d = numbers.shape[0], inputs.n_out
    if not any(course.is_noisy for course in courses):
        copies = 1
    if not inputs.is_sparse:
        check_rows_memory(copies * n, d)
    rows = inputs.apply(numbers)
    if copies == 1:
        return StockedRows(rows, targets, n, 1)
    many = np.empty((copies * n, d), np.float32)
    many[:n] = rows
    del rows
    scale = np.float32(recipe.noise) * np.isfinite(inputs.scale).astype(np.float32)
    step = max(1, _CHUNK // d)
    for first in range(n, copies * n, step):
        part = np.arange(first, min(first + step, copies * n))
        noise = random_state.standard_normal((len(part), d)).astype(np.float32)
        many[part] = many[part % n] + noise * scale
    return StockedRows(many, np.tile(targets, (copies, 1)), n, copies)

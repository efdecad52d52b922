"""The candidates of a search: every point of a grid, or points drawn from distributions."""

from __future__ import annotations

__all__ = ["DEFAULT_SPACE", "Space", "candidates"]

from collections.abc import Mapping, Sequence
from numbers import Integral
from typing import Any, TypeAlias

import numpy as np
from sklearn.model_selection import ParameterGrid, ParameterSampler

Space: TypeAlias = Mapping[str, Any] | Sequence[Mapping[str, Any]]

# What decides most for most tables: how large the steps are, how many units there are, and how
# much the weights are held back.
DEFAULT_SPACE: dict[str, list[Any]] = {
    "hidden_layer_sizes": [(50,), (100,), (100, 100)],
    "learning_rate_init": [0.0003, 0.001, 0.003, 0.01],
    "alpha": [1e-4, 1e-2, 1.0],
}


def candidates(
    space: Space, n_candidates: int | None, random_state: int | np.random.RandomState | None
) -> list[dict[str, Any]]:
    """Return the candidates, each as the parameters that it sets.

    Parameters
    ----------
    space : dict or list of dict
        Lists of values or distributions (with a method `rvs`) by the name of the parameter; a list
        of dicts is the union of their spaces.
    n_candidates : int or None
        How many to draw; None for every point of a grid.
    random_state : int, RandomState or None
        Draws them.

    Raises
    ------
    ValueError
        Where there is nothing to try, or distributions are given without a number to draw.

    Examples
    --------
    >>> candidates({"alpha": [0.1, 1], "dropout": [0, 0.5]}, None, 0)[1]
    {'alpha': 0.1, 'dropout': 0.5}
    """
    spaces = [space] if isinstance(space, Mapping) else list(space)
    drawn = sorted({name for each in spaces for name, of in each.items() if hasattr(of, "rvs")})
    if n_candidates is None:
        if drawn:
            raise ValueError(
                f"{' and '.join(drawn)} are distributions, of which there is no end: say with "
                "n_candidates how many candidates to draw."
            )
        found = list(ParameterGrid(spaces))
    else:
        found = list(
            ParameterSampler(spaces, _drawable(spaces, n_candidates), random_state=random_state)
        )
    if not found or found == [{}]:
        raise ValueError("There are no candidates to search: give at least one parameter's values.")
    return [{name: _plain(value) for name, value in each.items()} for each in found]


def _drawable(spaces: Sequence[Mapping[str, Any]], n_candidates: int) -> int:
    """Return how many different candidates can be drawn: a grid has no more than its points."""
    if any(hasattr(of, "rvs") for each in spaces for of in each.values()):
        return n_candidates
    return min(n_candidates, len(ParameterGrid(list(spaces))))


def _plain(value: Any) -> Any:
    """Return a drawn number as Python's own, so that it prints and is stored as what it is."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    return value

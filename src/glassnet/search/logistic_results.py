"""What a search along a path of C found, in the form of scikit-learn's attributes."""

from __future__ import annotations

__all__ = ["Best", "attributes_of", "best_of"]

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.search.logistic_cv_parameters import Search
from glassnet.search.logistic_path import Path


@dataclass(frozen=True, eq=False)
class Best:
    """The best C, and coefs for it.

    Attributes
    ----------
    C : float
        The C of the best mean score; without refit, the mean of the folds' own best.
    coefs : ndarray of shape (q, d + 1)
        The mean of the folds' coefs at it, or at their own best; the intercept last.
    """

    C: float
    coefs: NDArray[np.float64]


def best_of(
    Cs: NDArray[np.float64],
    scores: NDArray[np.float64],
    coefs: NDArray[np.float64],
    *,
    refit: bool,
) -> Best:
    """Return the best C by the scores (f, c); the first of several that are equal."""
    common = np.full(len(scores), scores.sum(axis=0).argmax())
    chosen = common if refit else scores.argmax(axis=1)
    return Best(
        float(Cs[chosen[0]] if refit else Cs[chosen].mean()),
        coefs[np.arange(len(chosen)), chosen].mean(axis=0),
    )


def attributes_of(
    search: Search,
    path: Path,
    scores: NDArray[np.float64],
    best: Best,
    classes: NDArray[Any],
    fit_intercept: bool,
) -> dict[str, Any]:
    """Return attributes by name; `LogisticRegressionCV` tells their shapes."""
    r = len(search.l1_ratios)
    # All ratios are 0, so that what was found for one stands for all.
    coefs = np.repeat(path.coefs[:, None], r, axis=1)  # (f, r, c, q, d + 1)
    if not fit_intercept:
        coefs = coefs[..., :-1]
    by_ratio = np.repeat(scores[:, None], r, axis=1)  # (f, r, c)
    n_iter = np.repeat(path.n_iter[:, :, None], r, axis=2)  # (problems, f, r, c)
    found = {"Cs_": search.Cs, "l1_ratios_": np.asarray(search.l1_ratios)}
    if not search.legacy:
        return found | {
            "C_": best.C,
            "l1_ratio_": 0.0,
            "scores_": by_ratio,
            "coefs_paths_": coefs,
            "n_iter_": n_iter.max(axis=0),
        }

    def legacy(values: NDArray[Any]) -> NDArray[Any]:
        """Return (…, f, c, r, …) or, where no ratios were given, (…, f, c, …)."""
        return values.swapaxes(-1, -2) if search.has_ratios else values[..., 0, :]

    keys = classes if len(classes) > 2 else classes[1:]
    paths = np.moveaxis(coefs, (3, 4), (0, 1))  # (q, p, f, r, c)
    return found | {
        "C_": np.full(len(keys), best.C),
        "l1_ratio_": np.zeros(len(keys)),
        "scores_": {key: legacy(by_ratio).copy() for key in keys},
        "coefs_paths_": {
            key: np.ascontiguousarray(np.moveaxis(legacy(own), 0, -1))
            for key, own in zip(keys, paths, strict=True)
        },
        "n_iter_": legacy(n_iter),
    }

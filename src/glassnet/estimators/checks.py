"""scikit-learn's checks, and the short way for what they would not change.

scikit-learn looks for frames, names and odd dtypes in every array, and makes the checks of each
parameter anew for every fit, which takes longer than training a small net, or than predicting a few
hundred rows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from inspect import signature
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils._param_validation import make_constraint
from sklearn.utils.validation import validate_data

from glassnet.training import is_finite

__all__ = ["checked", "checked_rows", "has_valid_parameters"]

_WORDS = (str, int, float)
_Checks = tuple[Callable[[Any], bool], ...]


def has_valid_parameters(estimator: Any) -> bool:
    """Say whether every parameter is one that `_parameter_constraints` allows.

    A default is, which a test asserts for all of them. What was asked of a number or a word is
    remembered.
    """
    kind: Any = type(estimator)
    for name, default, checks in _parameter_checks(kind):
        value = getattr(estimator, name)
        if value is default:
            continue
        is_valid = _is_valid_word if type(value) in _WORDS else _is_valid
        if not is_valid(checks, value):
            return False
    return True


def _is_valid(checks: _Checks, value: Any) -> bool:
    return any(check(value) for check in checks)


# Of values that equal no other of their type.
_is_valid_word = lru_cache(maxsize=512, typed=True)(_is_valid)


@cache
def _parameter_checks(kind: Any) -> list[tuple[str, Any, _Checks]]:
    """Return each parameter's name, its default and what may say that a value is allowed."""
    constraints: dict[str, Any] = kind._parameter_constraints
    parameters = signature(kind).parameters
    return [
        (
            name,
            parameters[name].default,
            tuple(make_constraint(one).is_satisfied_by for one in allowed),
        )
        for name, allowed in constraints.items()
        if name in parameters and allowed != "no_validation"
    ]


def checked_rows(estimator: Any, X: Any) -> Any:
    """Return rows to predict, float or as they came, dense or CSR or CSC.

    Raises
    ------
    ValueError
        Where the rows cannot be used, or are not those that the estimator was fitted to.
    """
    if _is_plain(estimator, X) and _fits(estimator, X):
        return X
    return validate_data(estimator, X, accept_sparse=["csr", "csc"], reset=False)


def checked(
    estimator: Any,
    X: Any,
    y: Any,
    *,
    reset: bool,
    multi_output: bool = True,
    numeric: bool = False,
) -> tuple[Any, NDArray[Any]]:
    """Return rows in float and their labels, and set or compare the names of the features.

    Parameters
    ----------
    estimator : estimator
        Gets `n_features_in_` and `feature_names_in_`.
    X, y : array-like of shape (n, d) and (n,) or (n, k)
        Rows and labels.
    reset : bool
        Whether these rows say what the features are, or have to be as those before.
    multi_output : bool, default=True
        Whether labels may be (n, k).
    numeric : bool, default=False
        Whether y holds measurements and not labels.

    Raises
    ------
    ValueError
        Where the rows or the labels cannot be used.
    """
    if _is_plain(estimator, X) and _is_plain_target(y, numeric) and len(X) == len(y):
        if reset:
            estimator.n_features_in_ = X.shape[1]
            if hasattr(estimator, "feature_names_in_"):
                del estimator.feature_names_in_
            return X, y
        if _fits(estimator, X):
            return X, y
    return validate_data(
        estimator,
        X,
        y,
        accept_sparse=["csr", "csc"],
        multi_output=multi_output,
        y_numeric=numeric,
        dtype=(np.float64, np.float32),
        reset=reset,
    )


def _is_plain(estimator: Any, X: Any) -> bool:
    """Say whether X is a finite float matrix, in an array and nothing but an array."""
    if type(X) is not np.ndarray or X.dtype.type not in (np.float64, np.float32):
        return False
    if X.ndim != 2 or 0 in X.shape:
        return False
    return is_finite(X, getattr(estimator, "n_threads", None))


def _is_plain_target(y: Any, numeric: bool) -> bool:
    if type(y) is not np.ndarray or y.ndim != 1:
        return False
    if numeric and y.dtype.type in (np.float64, np.float32):
        return bool(np.isfinite(y).all())
    return y.dtype.kind in "biu"


def _fits(estimator: Any, X: NDArray[Any]) -> bool:
    """Say whether rows have the features of those before, which had no names."""
    return X.shape[1] == estimator.n_features_in_ and not hasattr(estimator, "feature_names_in_")

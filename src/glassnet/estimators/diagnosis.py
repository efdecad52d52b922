"""The doctor's visit: gathers what a fitted classifier and its rows tell, and asks the rules."""

from __future__ import annotations

__all__ = ["diagnose", "notes_of"]

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse
from numpy.typing import ArrayLike, NDArray
from sklearn.base import is_classifier
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_consistent_length, column_or_1d

from glassnet.errors import DataError
from glassnet.evaluation.doctor import CaseNotes, Diagnosis, examine
from glassnet.model import ACTIVATIONS

MOST_ROWS = 1000  # whose hidden activations are looked at
REFERENCE_ROWS, REFERENCE_FOLDS = 1500, 3
GOOD = 0.98  # of its training rows right: no underfitting to look for


def diagnose(
    estimator: Any,
    X: Any,
    y: ArrayLike,
    X_holdout: Any = None,
    y_holdout: ArrayLike | None = None,
    *,
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
) -> Diagnosis:
    """Say what is wrong with a fitted classifier and its rows, and what to change.

    Each rule has a criterion, which its docstring in `glassnet.evaluation.doctor.rules` tells with
    its source or its measurements: leaking columns, held-out rows that are copies of training
    rows, unscaled columns, a rate too large or too small, plateaus, dead and saturated units,
    underfitting, too few rows for the net, overfitting, class imbalance. What an estimator does not
    have (a loss curve, hidden units) is passed over, so that any scikit-learn classifier can be
    asked.

    Parameters
    ----------
    estimator : classifier, or Pipeline that ends in one
        Fitted on `X` and `y`. A net of glassnet's that was fitted with
        ``X_val=X_holdout, y_val=y_holdout`` has a held-out loss curve, in which overfitting shows.
        A net whose fit failed because it diverged may be asked too.
    X : array-like, sparse matrix or DataFrame of shape (n, d)
        The training rows, as they were given to `fit`.
    y : array-like of shape (n,)
        Their labels.
    X_holdout, y_holdout : array-like of shape (v, d) and (v,), default=None
        Rows that no fit has seen. Without them overfitting and copies cannot be seen.
    feature_names : sequence of str (d,), default=None
        What to call the columns; by default a frame's names, else x0, x1, …
    class_names : sequence of str (k,), default=None
        What to call the classes; by default their labels.

    Returns
    -------
    Diagnosis
        Findings, the one to act on first at the head; ``print`` shows them.

    Raises
    ------
    DataError
        If the estimator is no fitted classifier of one label a row, or rows do not fit it.

    Examples
    --------
    >>> from sklearn.datasets import load_wine
    >>> from glassnet import MLPClassifier, diagnose
    >>> X, y = load_wine(return_X_y=True)
    >>> net = MLPClassifier(solver="sgd", activation="logistic", random_state=0).fit(X, y)
    >>> diagnose(net, X, y).first.preparation
    {'scale': 'standard'}
    """
    notes = notes_of(
        estimator,
        X,
        y,
        X_holdout,
        y_holdout,
        feature_names=feature_names,
        class_names=class_names,
    )
    return examine(notes)


def notes_of(
    estimator: Any,
    X: Any,
    y: ArrayLike,
    X_holdout: Any = None,
    y_holdout: ArrayLike | None = None,
    *,
    table: Any = None,
    table_holdout: Any = None,
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    is_image: bool = False,
    with_reference: bool = True,
) -> CaseNotes:
    """Gather what the rules read; see `diagnose`.

    Parameters
    ----------
    estimator, X, y, X_holdout, y_holdout, feature_names, class_names
        As for `diagnose`.
    table, table_holdout : ndarray or DataFrame, default=None
        The rows before they were scaled and encoded, to whose columns `feature_names` belong.
    is_image : bool, default=False
        Whether rows are pictures.
    with_reference : bool, default=True
        Whether a random forest may be fitted to compare with, which takes up to a second.

    Returns
    -------
    CaseNotes
    """
    labels = _checked(estimator, X, y, X_holdout, y_holdout)
    if feature_names is None and isinstance(X, pd.DataFrame):
        feature_names = tuple(map(str, X.columns))
    model, rows, held = estimator, X, X_holdout
    if isinstance(estimator, Pipeline):
        table, table_holdout = (X, X_holdout) if table is None else (table, table_holdout)
        model, before = estimator[-1], estimator[:-1]
        rows = before.transform(X) if len(before.steps) else X
        held = before.transform(held) if held is not None and len(before.steps) else held
    classes = np.asarray(model.classes_)
    diverged = not all(np.isfinite(coef).all() for coef in getattr(model, "coefs_", []))
    predicted = None if diverged else np.asarray(model.predict(rows))
    reference, reference_rows = (
        _reference(rows, labels, predicted, classes) if with_reference else (None, None)
    )
    curve = getattr(model, "loss_curve_", None)
    held_curve = getattr(model, "validation_loss_curve_", None)
    parameters = model.get_params(deep=False)
    names = [str(label) for label in classes.tolist()] if class_names is None else class_names
    return CaseNotes(
        y=labels,
        classes=classes,
        class_names=tuple(names),
        X=_numbers(rows),
        table=table if table is not None else (rows if isinstance(rows, pd.DataFrame) else None),
        feature_names=None if feature_names is None else tuple(feature_names),
        predicted=predicted,
        X_holdout=None if held is None else _numbers(held),
        table_holdout=table_holdout
        if table_holdout is not None
        else (held if isinstance(held, pd.DataFrame) else None),
        y_holdout=None if y_holdout is None else np.asarray(y_holdout),
        predicted_holdout=None if held is None or diverged else np.asarray(model.predict(held)),
        parameters=parameters,
        loss_curve=np.asarray(curve, dtype=np.float64) if curve else None,
        holdout_loss_curve=np.asarray(held_curve, dtype=np.float64) if held_curve else None,
        converged=_converged(model, parameters),
        diverged=diverged,
        activations=None if diverged else _activations(model, rows),
        n_parameters=_parameters(model),
        reference=reference,
        reference_rows=reference_rows,
        is_image=is_image,
    )


def _checked(
    estimator: Any, X: Any, y: ArrayLike, X_holdout: Any, y_holdout: ArrayLike | None
) -> NDArray[Any]:
    """Refuse what the rules cannot read; return the labels (n,)."""
    name = type(estimator).__name__
    classes = getattr(estimator, "classes_", None)
    if not is_classifier(estimator):
        raise DataError(f"{name} is no classifier, and the doctor reads classifiers alone.")
    if classes is None:
        raise DataError(f"This {name} is not fitted: fit it to X and y first.")
    if isinstance(classes, list) or np.shape(y)[1:] not in ((), (1,)):
        raise DataError("The doctor reads classifiers with one label a row.")
    if (X_holdout is None) != (y_holdout is None):
        raise DataError("Held-out rows need both X_holdout and y_holdout; one is not given.")
    labels = np.asarray(column_or_1d(y))
    check_consistent_length(X, labels)
    held = () if y_holdout is None else np.asarray(y_holdout)
    unknown = np.setdiff1d(np.concatenate([labels, held]) if len(held) else labels, classes)
    if len(unknown):
        raise DataError(
            f"{name} was not fitted to the label {str(unknown[0])!r}; give its own rows."
        )
    return labels


def _numbers(X: Any) -> Any:
    """Return rows as an array (n, d) of floats or as CSR; None where they hold text."""
    if scipy.sparse.issparse(X):
        return X.tocsr()
    try:
        return np.asarray(X, dtype=np.float64)
    except (TypeError, ValueError):
        return None


def _converged(model: Any, parameters: dict[str, Any]) -> bool | None:
    n_iter, most = getattr(model, "n_iter_", None), parameters.get("max_iter")
    if n_iter is None or most is None:
        return None
    return bool(np.max(n_iter) < most)


def _activations(model: Any, X: Any) -> tuple[NDArray[np.float64], ...] | None:
    """Propagate some of the rows through the hidden layers of a net; None for other models."""
    name = getattr(model, "activation", None)
    if not hasattr(model, "coefs_") or name not in ACTIVATIONS:
        return None
    n = X.shape[0] if hasattr(X, "shape") else len(X)
    chosen = np.sort(np.random.RandomState(0).permutation(n)[:MOST_ROWS])
    rows = _numbers(X)[chosen]
    layers: list[NDArray[np.float64]] = []
    for coef, intercept in zip(model.coefs_[:-1], model.intercepts_[:-1], strict=True):
        rows = np.asarray(rows @ coef + intercept, dtype=np.float64)
        ACTIVATIONS[name].apply(rows)
        layers.append(rows.copy())
    return tuple(layers)


def _parameters(model: Any) -> int | None:
    if not hasattr(model, "coefs_"):
        return None
    return int(sum(part.size for part in (*model.coefs_, *model.intercepts_)))


def _reference(
    X: Any, y: NDArray[Any], predicted: NDArray[Any] | None, classes: NDArray[Any]
) -> tuple[NDArray[Any] | None, NDArray[np.intp] | None]:
    """Let a random forest predict some training rows that it has not seen; None if needless."""
    rows = np.sort(np.random.RandomState(0).permutation(len(y))[:REFERENCE_ROWS])
    fewest = min((np.count_nonzero(y[rows] == label) for label in classes), default=0)
    if predicted is None or np.mean(predicted == y) > GOOD or fewest < REFERENCE_FOLDS:
        return None, None
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import cross_val_predict

    forest = RandomForestClassifier(50, random_state=0)
    part = X.iloc[rows] if isinstance(X, pd.DataFrame) else _numbers(X)[rows]
    return np.asarray(cross_val_predict(forest, part, y[rows], cv=REFERENCE_FOLDS)), rows

"""A closer look at a study's net: its hidden units on rows, and labels it does not believe."""

from __future__ import annotations

__all__ = ["NetDepth", "SuspectLabels", "fitted_net", "look_inside", "suspect_labels"]

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone

from glassnet.data import Dataset
from glassnet.estimators import LogisticRegression, MLPClassifier
from glassnet.estimators.cross_validation import cross_validated_probabilities
from glassnet.evaluation import (
    Ablation,
    FittedNet,
    LabelSuspects,
    MaximalInputs,
    UnitProfile,
    ablate_units,
    label_suspects,
    maximal_inputs,
    unit_profiles,
)

MOST_ROWS = 10_000  # that units are profiled on
MOST_WORK = 3e10  # multiplications of all folds of the net
MOST_EPOCHS = 60  # a net that fits its rows less closely doubts wrong labels more
FOLDS = 5


@dataclass(frozen=True, eq=False)
class NetDepth:
    """The first hidden layer on rows of the data.

    Attributes
    ----------
    rows : ndarray (r,) of int
        The rows that the profiles are of: all, or a sample of very many.
    profiles : tuple of UnitProfile (h,)
        What each unit does on them.
    ablation : Ablation
        What the net loses of the held-out rows without each unit.
    maximal : MaximalInputs
        The input that would fire each unit most, like the training rows.
    """

    rows: NDArray[np.intp]
    profiles: tuple[UnitProfile, ...]
    ablation: Ablation
    maximal: MaximalInputs


@dataclass(frozen=True, eq=False)
class SuspectLabels:
    """Which labels may be wrong.

    Attributes
    ----------
    found : LabelSuspects
        All rows, the most suspect first.
    by : str
        The model that said so.
    probabilities : ndarray (n, k)
        What it said of each row when it was fitted without it.
    """

    found: LabelSuspects
    by: str
    probabilities: NDArray[Any]


def fitted_net(net: MLPClassifier) -> FittedNet:
    """Return a fitted classifier as arrays."""
    return FittedNet.of(
        net.coefs_, net.intercepts_, activation=net.activation, output=net.out_activation_
    )


def look_inside(
    net: MLPClassifier,
    X: NDArray[Any],
    dataset: Dataset,
    train: NDArray[np.intp],
    holdout: NDArray[np.intp],
    seed: int,
) -> NetDepth | None:
    """Look at the first hidden layer; None where there is none."""
    if len(net.coefs_) == 1:
        return None
    inside, y = fitted_net(net), np.asarray(dataset.y)
    rows = np.arange(len(X))
    if len(rows) > MOST_ROWS:
        rows = np.sort(np.random.RandomState(seed).choice(len(X), MOST_ROWS, replace=False))
    names = dataset.classes, dataset.class_names
    return NetDepth(
        rows=rows,
        profiles=unit_profiles(inside, X[rows], y[rows], *names),
        ablation=ablate_units(inside, X[holdout], y[holdout], *names),
        maximal=maximal_inputs(inside, X[train[: 2 * MOST_ROWS]]),
    )


def suspect_labels(
    net: MLPClassifier, logistic: LogisticRegression, X: NDArray[Any], dataset: Dataset
) -> SuspectLabels:
    """Rank all rows by how little a model that was not trained on them believes their label.

    The net says it, or the logistic regression where many fits of the net would take long.
    """
    y = np.asarray(dataset.y)
    epochs = min(net.n_iter_, MOST_EPOCHS)
    work = FOLDS * epochs * len(X) * sum(coef.size for coef in net.coefs_)
    if work <= MOST_WORK:
        model: Any = clone(net).set_params(max_iter=max(epochs, 1))
        by = "the net"
    else:
        model, by = clone(logistic), "the logistic regression"
    largest = int(np.unique(y, return_counts=True)[1].max())
    probabilities = cross_validated_probabilities(model, X, y, n_folds=min(FOLDS, largest))
    found = label_suspects(y, probabilities, dataset.classes, dataset.class_names)
    return SuspectLabels(found, by, np.asarray(probabilities))

"""What a study does where more is asked: a third model, the luck of the start, more rows."""

from __future__ import annotations

__all__ = ["More", "look_further"]

import time
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning

from glassnet.data import Dataset, Preprocessor
from glassnet.estimators import AutoMLPClassifier, MLPClassifier, TrainedModel
from glassnet.evaluation import (
    Comparison,
    LearningCurve,
    RestartSpread,
    SuccessRates,
    compare,
    restart_spread,
    success_rates,
)
from glassnet.search import learning_curve

AUTO, NET = "the automatic net", "the net"
N_RESTARTS = 10
FOLDS = 3


@dataclass(frozen=True, eq=False)
class More:
    """What was found beyond the two models.

    Attributes
    ----------
    auto : TrainedModel
        An `AutoMLPClassifier` on the same training rows.
    auto_seconds : float
        How long its fit took.
    train, holdout : SuccessRates
        How well it does.
    comparison : Comparison
        The study's net and it, on the same held-out rows.
    starts : RestartSpread
        Held-out success of the study's net from several random starts.
    curve : LearningCurve
        The study's net on more and more of the training rows.
    """

    auto: TrainedModel
    auto_seconds: float
    train: SuccessRates
    holdout: SuccessRates
    comparison: Comparison
    starts: RestartSpread
    curve: LearningCurve


def look_further(
    net: MLPClassifier,
    X: NDArray[Any],
    dataset: Dataset,
    train: NDArray[np.intp],
    held_out: NDArray[np.intp],
    net_predicted: NDArray[Any],
    seed: int,
) -> More:
    """Fit the third model, the other starts and the smaller sizes.

    Parameters
    ----------
    net : MLPClassifier
        The net that the study kept.
    X : ndarray or CSR matrix of shape (n, d)
        All rows, prepared.
    dataset : Dataset
        All rows, raw.
    train, held_out : ndarray of int
        Positions of the rows.
    net_predicted : ndarray of shape (n,)
        The net's labels.
    seed : int
        Random state.
    """
    y = np.asarray(dataset.y)
    rows = dataset.subset(train)
    preprocessor = Preprocessor.for_dataset(rows, "none").fit(rows.X)
    start = time.perf_counter()
    auto = AutoMLPClassifier(random_state=seed).fit(preprocessor.transform(rows.X), y[train])
    seconds = time.perf_counter() - start
    model = TrainedModel.of(dataset, preprocessor, auto)
    predicted = model.predict(dataset)
    rates = [
        success_rates(y[part], predicted[part], dataset.classes, dataset.class_names)
        for part in (train, held_out)
    ]
    with warnings.catch_warnings():  # the study has told how the net ends
        warnings.simplefilter("ignore", ConvergenceWarning)
        starts = _starts(net, X[train], y[train], X[held_out], y[held_out])
        curve = learning_curve(_plain(net), X[train], y[train], cv=FOLDS)
    return More(
        auto=TrainedModel.of(
            dataset, preprocessor, auto, train=rates[0].to_dict(), holdout=rates[1].to_dict()
        ),
        auto_seconds=seconds,
        train=rates[0],
        holdout=rates[1],
        comparison=compare(
            y[held_out], net_predicted[held_out], predicted[held_out], names=(NET, AUTO)
        ),
        starts=starts,
        curve=curve,
    )


def _plain(net: MLPClassifier, **given: Any) -> MLPClassifier:
    """Return an unfitted net with the same parameters."""
    return clone(net).set_params(**given)


def _starts(
    net: MLPClassifier, X: Any, y: NDArray[Any], X_holdout: Any, y_holdout: NDArray[Any]
) -> RestartSpread:
    """Train the net from several starts together, and score each on the held-out rows.

    The first one is the study's own.
    """
    several = _plain(net, n_restarts=N_RESTARTS, keep_restarts=True).fit(X, y)
    scores = []
    for restart in several.restarts_:
        several.coefs_, several.intercepts_ = list(restart.coefs), list(restart.intercepts)
        scores.append(float(several.score(X_holdout, y_holdout)))
    return restart_spread(scores, kept=0, n_rows=len(y_holdout))

"""Estimators put together from their trained arrays, without fitting."""

from __future__ import annotations

__all__ = ["output_of", "restored_logistic", "restored_net"]

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.estimators.logistic_regression import LogisticRegression
from glassnet.estimators.mlp_classifier import MLPClassifier
from glassnet.estimators.targets import Labels
from glassnet.evaluation.certificate import Certificate
from glassnet.model import Progress


def restored_net(
    parameters: Mapping[str, Any],
    *,
    coefs: Sequence[NDArray[Any]],
    intercepts: Sequence[NDArray[Any]],
    classes: NDArray[Any],
    output: str,
    n_iter: int = 0,
    loss: float = np.nan,
    loss_curve: Sequence[float] = (),
) -> MLPClassifier:
    """Put a fitted net together.

    Parameters
    ----------
    parameters : mapping of str to object
        The estimator's parameters; those left out have their defaults.
    coefs : sequence of ndarray (fan_in, fan_out)
        Weights of each layer, from the d features to the outputs.
    intercepts : sequence of ndarray (fan_out,)
        Intercepts of each layer.
    classes : ndarray (k,)
        The labels, sorted; two or more.
    output : {"softmax", "logistic"}
        The output layer. With "logistic" and k > 2 there are k independent sigmoids, of which
        the largest gives the class.
    n_iter : int, default=0
        Epochs of the training.
    loss : float, default=nan
        Training loss at its end.
    loss_curve : sequence of float, default=()
        Training loss of each epoch.

    Returns
    -------
    MLPClassifier
        It predicts as the one that was trained. Further training starts its optimizer anew.

    Raises
    ------
    ValueError
        When a parameter is out of its range.
    TypeError
        When a parameter is unknown.
    """
    net = MLPClassifier(**parameters)
    net._validate_params()
    net.coefs_, net.intercepts_ = list(coefs), list(intercepts)
    net._labels = Labels(np.asarray(classes))
    net.classes_ = net._labels.classes
    net.n_features_in_ = net.coefs_[0].shape[0]
    net.n_layers_ = len(net.coefs_) + 1
    net.n_outputs_ = net.coefs_[-1].shape[1]
    net.out_activation_ = output
    net.n_iter_, net.loss_, net.loss_curve_ = n_iter, loss, list(loss_curve)
    net.best_loss_ = min(net.loss_curve_, default=loss)
    net.validation_scores_ = net.best_validation_score_ = None
    net.validation_loss_curve_ = net.train_score_curve_ = net.examples_ = None
    net.t_ = 0
    net._progress, net._optimizer_state = Progress(), None
    return net


def output_of(logistic: LogisticRegression) -> str:
    """Return the output layer that a fitted logistic regression is: "softmax" or "logistic"."""
    if len(logistic.classes_) == 2 or logistic._one_vs_rest():
        return "logistic"
    return "softmax"


def restored_logistic(
    parameters: Mapping[str, Any],
    *,
    coef: NDArray[Any],
    intercept: NDArray[Any],
    classes: NDArray[Any],
    n_iter: NDArray[Any] | None = None,
    certificate: Certificate | None = None,
) -> LogisticRegression:
    """Put a fitted logistic regression together.

    Parameters
    ----------
    parameters : mapping of str to object
        The estimator's parameters; those left out have their defaults.
    coef : ndarray (k, d), or (1, d) for two classes
        Weights of each class.
    intercept : ndarray (k,) or (1,)
        Intercepts.
    classes : ndarray (k,)
        The labels, sorted; two or more.
    n_iter : ndarray of int, default=None
        Iterations of the training.
    certificate : Certificate, default=None
        How far it is from its optimum, as was found on the training rows.

    Returns
    -------
    LogisticRegression
        It predicts as the one that was trained.

    Raises
    ------
    ValueError
        When a parameter is out of its range.
    TypeError
        When a parameter is unknown.
    """
    logistic = LogisticRegression(**parameters)
    logistic._validate_params()
    logistic.coef_, logistic.intercept_ = coef, intercept
    logistic.classes_ = classes
    logistic.certificate_ = certificate
    logistic.n_features_in_ = coef.shape[1]
    if n_iter is not None:
        logistic.n_iter_ = n_iter
    return logistic

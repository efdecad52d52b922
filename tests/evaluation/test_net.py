"""A fitted net as arrays."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import scipy.sparse
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning

from glassnet import MLPClassifier
from glassnet.errors import DataError
from glassnet.evaluation import FittedNet
from glassnet.model import ACTIVATIONS


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("n_classes", [2, 3])
def test_it_says_what_the_estimator_says(activation, n_classes):
    X, y = load_iris(return_X_y=True)
    X, y = X[y < n_classes], y[y < n_classes]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = MLPClassifier(
            (5, 4), activation=activation, max_iter=20, precision="float64", random_state=0
        ).fit(X, y)
    net = FittedNet.of(
        fitted.coefs_, fitted.intercepts_, activation=activation, output=fitted.out_activation_
    )
    layers = net.layers(X)
    np.testing.assert_allclose(net.probabilities(layers.scores), fitted.predict_proba(X))
    np.testing.assert_allclose(np.squeeze(layers.scores), fitted.decision_function(X))
    assert [a.shape for a in layers.activations] == [(len(X), 5), (len(X), 4)]
    assert (net.n_hidden, net.n_classes) == (2, n_classes)
    np.testing.assert_allclose(net.layers(scipy.sparse.csr_matrix(X)).scores, layers.scores)
    narrow = net.layers(X.astype(np.float32)).scores
    assert narrow.dtype == np.float32
    np.testing.assert_allclose(narrow, layers.scores, rtol=1e-3, atol=1e-4)


def test_what_is_no_net_of_classes():
    with pytest.raises(DataError, match="are no net"):
        FittedNet.of([np.zeros((3, 2)), np.zeros((3, 2))], [np.zeros(2), np.zeros(2)])
    with pytest.raises(DataError, match="none of the activations"):
        FittedNet.of([np.zeros((3, 2))], [np.zeros(2)], activation="step")
    for output, k in (("logistic", 2), ("identity", 1)):
        with pytest.raises(DataError, match="one of several classes"):
            FittedNet.of([np.zeros((3, k))], [np.zeros(k)], output=output)

"""Probabilities of rows from models that were not trained on them."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from sklearn.base import clone
from sklearn.datasets import load_digits, load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_predict
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import SVC

from glassnet import MLPClassifier, load_dataset
from glassnet.errors import DataError
from glassnet.estimators import cross_validated_probabilities, cross_validation
from glassnet.evaluation import label_suspects

DIGITS, LABELS = (part[:300] for part in load_digits(return_X_y=True))
NET = MLPClassifier((8,), max_iter=30, precision="float64", random_state=3)


def one_after_the_other(net, X, y, n_folds=5, n_repeats=1):
    dealer = RepeatedStratifiedKFold(n_splits=n_folds, n_repeats=n_repeats, random_state=0)
    folds = list(dealer.split(X, y))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return np.mean(
            [
                cross_val_predict(net, X, y, cv=folds[i : i + n_folds], method="predict_proba")
                for i in range(0, len(folds), n_folds)
            ],
            axis=0,
        )


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"solver": "sgd", "learning_rate_init": 0.01, "learning_rate": "adaptive"},
        {"solver": "lbfgs"},
        {"class_weight": {3: 5.0}, "dropout": 0.2},
        {"batch_size": 100, "random_state": np.random.RandomState(5)},
    ],
    ids=lambda change: "-".join(change) or "default",
)
def test_one_population_is_the_nets_one_after_the_other(change, monkeypatch):
    net = clone(NET).set_params(**change)
    expected = one_after_the_other(clone(net), DIGITS, LABELS)
    monkeypatch.delattr(cross_validation, "cross_val_predict")
    found = cross_validated_probabilities(net, DIGITS, LABELS)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9)
    assert not hasattr(net, "coefs_")


@pytest.mark.parametrize("change", [{"early_stopping": True}, {"class_weight": "balanced"}])
def test_what_depends_on_the_fold_is_left_to_scikit_learn(change):
    net = clone(NET).set_params(**change)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        found = cross_validated_probabilities(net, DIGITS, LABELS)
    np.testing.assert_array_equal(found, one_after_the_other(net, DIGITS, LABELS))


def test_repeats_are_averaged():
    found = cross_validated_probabilities(NET, DIGITS, LABELS, n_folds=3, n_repeats=2)
    expected = one_after_the_other(NET, DIGITS, LABELS, n_folds=3, n_repeats=2)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(found.sum(axis=1), 1.0)


def test_frames_sparse_rows_words_and_two_classes():
    X, y = load_iris(return_X_y=True)
    X, words = X[y < 2], np.array(["no", "yes"])[y[y < 2]]
    dense = cross_validated_probabilities(NET, X, words)
    assert dense.shape == (100, 2)
    frame = pd.DataFrame(X, columns=list("abcd"))
    np.testing.assert_array_equal(cross_validated_probabilities(NET, frame, words), dense)
    sparse = cross_validated_probabilities(NET, scipy.sparse.csr_matrix(X), words)
    np.testing.assert_allclose(sparse, dense, rtol=1e-6)


def test_any_classifier():
    model = GaussianNB(var_smoothing=0.1)
    found = cross_validated_probabilities(model, DIGITS, LABELS, n_folds=3, n_repeats=2)
    expected = one_after_the_other(model, DIGITS, LABELS, n_folds=3, n_repeats=2)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("model", [NET, GaussianNB()])
def test_a_rare_class_is_suspect(model):
    X, y = load_iris(return_X_y=True)
    rare = y.copy()
    rare[70] = 9
    found = cross_validated_probabilities(model, X, rare)
    assert found.shape == (150, 4)
    assert found[70, 3] < 0.1
    assert np.isfinite(found).all()


def test_what_cannot_be_asked():
    with pytest.raises(DataError, match="SVC has no predict_proba"):
        cross_validated_probabilities(SVC(), DIGITS, LABELS)
    with pytest.raises(DataError, match="the largest class has 2"):
        cross_validated_probabilities(NET, DIGITS[:4], [0, 0, 1, 1])
    with pytest.raises(DataError, match="at least 2 folds"):
        cross_validated_probabilities(NET, DIGITS, LABELS, n_folds=1)
    with pytest.raises(DataError, match="at least once, not 0 times"):
        cross_validated_probabilities(NET, DIGITS, LABELS, n_repeats=0)
    wild = clone(NET).set_params(solver="sgd", learning_rate_init=1e3, activation="identity")
    with pytest.raises(DataError, match="diverged on one of 5 folds"):
        cross_validated_probabilities(wild, 1e6 * DIGITS, LABELS)


@pytest.mark.shared_data
@pytest.mark.parametrize("seed", range(3))
def test_flipped_labels_are_found(shared_data, seed):
    """Of 1 % of labels flipped at random, 80 % are among the first 2 % of suspects."""
    data = load_dataset(shared_data / "X.csv", labels=shared_data / "y.csv")
    X, y = np.asarray(data.X), np.asarray(data.y)
    rng = np.random.default_rng(seed)
    flipped = rng.choice(len(y), len(y) // 100, replace=False)
    labels = np.unique(y)
    wrong = y.copy()
    shift = rng.integers(1, len(labels), len(flipped))
    wrong[flipped] = labels[(np.searchsorted(labels, y[flipped]) + shift) % len(labels)]
    net = MLPClassifier(
        (40,), activation="logistic", solver="sgd", learning_rate_init=1.0, max_iter=40,
        random_state=0,
    )  # fmt: skip
    probabilities = cross_validated_probabilities(net, X, wrong)
    found = label_suspects(wrong, probabilities, labels, limit=len(y) // 50)
    caught = {each.row for each in found.suspects} & set(flipped.tolist())
    assert len(caught) >= 0.8 * len(flipped)

"""Weights of classes are weights of their rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits, make_multilabel_classification
from sklearn.utils import compute_class_weight, compute_sample_weight

from glassnet import MLPClassifier
from glassnet.training import available_engines

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
DIGITS, LABELS = load_digits(return_X_y=True)
X, Y = DIGITS[:400] / 16, np.array(["low", "middle", "high"])[np.digitize(LABELS[:400], [2, 8])]
NET: dict[str, Any] = {"hidden_layer_sizes": (8,), "random_state": 0, "max_iter": 8}


@pytest.fixture(autouse=True, params=available_engines())
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run every test with every engine."""
    monkeypatch.setenv("GLASSNET_ENGINE", request.param)
    return request.param


def same(one: MLPClassifier, other: MLPClassifier) -> None:
    assert one.loss_curve_ == other.loss_curve_
    assert all(np.array_equal(a, b) for a, b in zip(one.coefs_, other.coefs_, strict=True))


@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
@pytest.mark.parametrize("class_weight", ["balanced", {"low": 3.0, "high": 0.5}, {"low": 0}])
def test_they_are_scikit_learns_sample_weights(
    class_weight: Any, solver: str, early_stopping: bool
) -> None:
    net = MLPClassifier(**NET, solver=solver, early_stopping=early_stopping)
    plain = MLPClassifier(**net.get_params()).fit(X, Y, compute_sample_weight(class_weight, Y))
    net.set_params(class_weight=class_weight).fit(X, Y)
    same(net, plain)
    assert net.validation_scores_ == plain.validation_scores_


def test_they_are_multiplied_with_the_rows_weights() -> None:
    own = np.random.RandomState(0).uniform(0.1, 3, len(Y))
    factors = dict(zip(*(np.unique(Y), [2.0, 0.5, 7.0]), strict=True))
    product = own * [factors[label] for label in Y]
    net = MLPClassifier(**NET, class_weight=factors).fit(X, Y, own)
    same(net, MLPClassifier(**NET).fit(X, Y, product))


def test_balanced_counts_a_row_of_weight_2_twice() -> None:
    own = 1.0 + (np.arange(len(Y)) % 3 == 0)
    net = MLPClassifier(**NET, class_weight="balanced").fit(X, Y, own)
    twice = np.repeat(Y, own.astype(int))
    factors = compute_class_weight("balanced", classes=np.unique(Y), y=twice)
    product = own * factors[np.searchsorted(np.unique(Y), Y)]
    np.testing.assert_allclose(
        net.coefs_[0], MLPClassifier(**NET).fit(X, Y, product).coefs_[0], rtol=1e-5
    )
    totals = [product[label == Y].sum() for label in np.unique(Y)]
    np.testing.assert_allclose(totals, totals[0])


def test_a_rare_class_is_found_more_often() -> None:
    rare = np.where(LABELS[:400] == 8, "eight", "other")
    settings = {**NET, "solver": "lbfgs", "hidden_layer_sizes": (), "alpha": 10.0, "max_iter": 100}
    plain = MLPClassifier(**settings).fit(X, rare)
    balanced = MLPClassifier(**settings, class_weight="balanced").fit(X, rare)
    found = [(net.predict(X) == "eight").sum() for net in (plain, balanced)]
    assert found[1] > found[0] + 10


def test_several_labels_a_row() -> None:
    rows, labels = make_multilabel_classification(120, n_classes=3, random_state=0)
    for class_weight in ("balanced", [{0: 1, 1: 5}, {0: 2, 1: 1}, {0: 1, 1: 1}]):
        weights = compute_sample_weight(class_weight, labels)
        net = MLPClassifier(**NET, class_weight=class_weight).fit(rows / 10, labels)
        same(net, MLPClassifier(**NET).fit(rows / 10, labels, weights))
    with pytest.raises(ValueError, match="list of dicts"):
        MLPClassifier(**NET, class_weight={0: 1, 1: 2}).fit(rows, labels)


def test_partial_fit_takes_a_dict_and_refuses_what_needs_all_rows() -> None:
    net = MLPClassifier(**NET, class_weight={"low": 4.0})
    weights = np.where(Y[:50] == "low", 4.0, 1.0)
    plain = MLPClassifier(**NET).partial_fit(X[:50], Y[:50], weights, classes=np.unique(Y))
    same(net.partial_fit(X[:50], Y[:50], classes=np.unique(Y)), plain)
    with pytest.raises(ValueError, match=r"class_weight='balanced' needs all rows"):
        MLPClassifier(class_weight="balanced").partial_fit(X, Y, classes=np.unique(Y))


def test_classes_that_are_not_there_are_named() -> None:
    with pytest.raises(ValueError, match="not in class_weight"):
        MLPClassifier(**NET, class_weight={"lowest": 2}).fit(X, Y)


def test_classes_named_by_digits_are_found() -> None:
    y = (LABELS[:400] % 2).astype(str)
    net = MLPClassifier(**NET, class_weight={"0": 3.0}).fit(X, y)
    same(net, MLPClassifier(**NET).fit(X, y, np.where(y == "0", 3.0, 1.0)))

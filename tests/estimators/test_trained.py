"""Trained models: what they take, refuse, and put right."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from glassnet.data import Dataset, ImageShape, Preprocessor
from glassnet.errors import DataError
from glassnet.estimators import LogisticRegression, TrainedModel
from glassnet.estimators.restored import restored_net

RANDOM = np.random.RandomState(0)
X = RANDOM.normal(size=(40, 3)) * [1, 100, 1e4]
Y = (X[:, 0] > 0).astype(int) + 1
NAMES = ("age", "income", "height")


def model_of(dataset: Dataset) -> TrainedModel:
    preprocessor = Preprocessor.for_dataset(dataset).fit(dataset.X)
    logistic = LogisticRegression().fit(preprocessor.transform(dataset.X), dataset.y)
    return TrainedModel.of(dataset, preprocessor, logistic)


@pytest.fixture(scope="module")
def model() -> TrainedModel:
    return model_of(Dataset.from_arrays(X, Y, feature_names=NAMES, name="people.csv"))


def test_it_predicts_as_its_parts_do(model: TrainedModel) -> None:
    data = Dataset.from_arrays(X, feature_names=NAMES)
    numbers = model.preprocessor.transform(X)
    np.testing.assert_array_equal(model.prepare(data), numbers)
    np.testing.assert_array_equal(model.predict(data), model.estimator.predict(numbers))
    np.testing.assert_array_equal(model.predict_proba(data), model.estimator.predict_proba(numbers))
    assert np.mean(model.predict(data) == Y) > 0.9


def test_columns_are_found_by_name_in_any_order(model: TrainedModel) -> None:
    expected = model.predict(Dataset.from_arrays(X, feature_names=NAMES))
    more = np.column_stack([X[:, 2], np.zeros(40), X[:, 0], X[:, 1]])
    shuffled = Dataset.from_arrays(more, feature_names=("height", "foot", "age", "income"))
    np.testing.assert_array_equal(model.predict(shuffled), expected)
    frame = pd.DataFrame(more, columns=list(shuffled.feature_names))
    frame["foot"] = "left"
    mixed = Dataset.from_arrays(frame)
    np.testing.assert_array_equal(model.predict(mixed), expected)


def test_rows_without_names_are_taken_by_number(model: TrainedModel) -> None:
    expected = model.predict(Dataset.from_arrays(X, feature_names=NAMES))
    np.testing.assert_array_equal(model.predict(Dataset.from_arrays(X)), expected)
    frame = pd.DataFrame(X, columns=["x0", "x1", "x2"])
    np.testing.assert_array_equal(model.predict(Dataset.from_arrays(frame)), expected)


def test_a_missing_column_is_named_with_the_nearest(model: TrainedModel) -> None:
    data = Dataset.from_arrays(X, feature_names=("age", "incom", "height"), name="new.csv")
    with pytest.raises(DataError, match=r"new.csv lacks column 'income'.*mean 'incom'\?"):
        model.predict(data)


def test_another_number_of_columns(model: TrainedModel) -> None:
    with pytest.raises(DataError, match="2 columns"):
        model.predict(Dataset.from_arrays(X[:, :2]))


def test_text_where_numbers_were(model: TrainedModel) -> None:
    frame = pd.DataFrame(X, columns=list(NAMES)).astype({"age": object})
    frame["age"] = "old"
    with pytest.raises(DataError, match="'age'"):
        model.predict(Dataset.from_arrays(frame))


def test_pictures_are_unrolled_in_the_models_order() -> None:
    shape = ImageShape(2, 3, pixel_order="F")
    pictures = RANDOM.uniform(size=(30, 2, 3))
    labels = (pictures[:, 0, 2] > 0.5).astype(int)
    ours = Dataset.from_arrays(shape.to_rows(pictures), labels, image=shape)
    model = model_of(ours)
    theirs = ImageShape(2, 3, pixel_order="C")
    given = Dataset.from_arrays(theirs.to_rows(pictures), image=theirs)
    np.testing.assert_array_equal(model.prepare(given), model.prepare(ours))
    unsaid = replace(ours, image=None)  # rows that say nothing are taken as they are
    np.testing.assert_array_equal(model.prepare(unsaid), model.prepare(ours))


def test_pictures_of_another_shape() -> None:
    shape = ImageShape(2, 3)
    model = model_of(Dataset.from_arrays(RANDOM.uniform(size=(9, 6)), [0, 1, 2] * 3, image=shape))
    other = Dataset.from_arrays(np.zeros((2, 6)), image=ImageShape(3, 2), name="tall")
    with pytest.raises(DataError, match=r"tall has images of 3x2, .* trained on images of 2x3"):
        model.predict(other)


def test_independent_sigmoids_are_divided_by_their_sum() -> None:
    z = np.array([[2.0, -1.0, 0.5], [-2000.0, -2000.0, -2000.0]])
    net = restored_net(
        {"hidden_layer_sizes": (), "activation": "logistic"},
        coefs=[np.eye(3)],
        intercepts=[np.zeros(3)],
        classes=np.array(["a", "b", "c"]),
        output="logistic",
    )
    preprocessor = Preprocessor("none").fit(np.zeros((1, 3)))
    model = TrainedModel(net, preprocessor, ("x0", "x1", "x2"), ("A", "B", "C"), None, "net")
    p = model.predict_proba(Dataset.from_arrays(z))
    sigmoids = 1 / (1 + np.exp(-z[0]))
    np.testing.assert_allclose(p[0], sigmoids / sigmoids.sum())
    np.testing.assert_allclose(p[1], 1 / 3)  # nothing speaks for any class
    assert model.predict(Dataset.from_arrays(z))[0] == "a"


def test_true_labels_match_text_with_numbers(model: TrainedModel) -> None:
    text = Dataset.from_arrays(X[:3], np.array(["2", "1", "2"]), feature_names=NAMES)
    labels = model.true_labels(text)
    assert labels.dtype == model.classes.dtype
    assert labels.tolist() == [2, 1, 2]


def test_labels_that_are_absent_or_unknown(model: TrainedModel) -> None:
    with pytest.raises(DataError, match=r"new\.csv has no labels to compare with"):
        model.true_labels(Dataset.from_arrays(X, name="new.csv"))
    with pytest.raises(DataError, match=r"label '7', which .* trained on 1, 2\."):
        model.true_labels(Dataset.from_arrays(X[:2], [1, 7]))


def test_parts_that_do_not_fit(model: TrainedModel) -> None:
    with pytest.raises(DataError, match="1 class names were given for a model of 2"):
        replace(model, class_names=("one",))
    with pytest.raises(DataError, match="2 feature names were given for a model of 3"):
        replace(model, feature_names=("age", "income"))
    with pytest.raises(DataError, match="needs 4 columns"):
        replace(model, image=ImageShape(2, 2))


def test_names_and_seed_come_from_the_training() -> None:
    data = Dataset.from_arrays(X, Y, feature_names=NAMES, class_names=["no", "yes"], target="kind")
    preprocessor = Preprocessor.for_dataset(data).fit(data.X)
    numbers = preprocessor.transform(data.X)
    seeded = LogisticRegression(random_state=7).fit(numbers, Y)
    model = TrainedModel.of(data, preprocessor, seeded, holdout={"rows": 3})
    assert (model.class_names, model.target, model.seed) == (("no", "yes"), "kind", 7)
    assert model.holdout == {"rows": 3}
    assert re.fullmatch(r"\d+\.\d+\.\d+", model.versions["glassnet"])
    assert TrainedModel.of(data, preprocessor, LogisticRegression().fit(numbers, Y)).seed is None


def test_a_restored_net_is_checked_as_a_new_one_is() -> None:
    arrays = {
        "coefs": [np.ones((2, 3))],
        "intercepts": [np.zeros(3)],
        "classes": np.arange(3),
        "output": "softmax",
    }
    with pytest.raises(ValueError, match="'alpha' parameter"):
        restored_net({"alpha": -1.0}, **arrays)
    with pytest.raises(TypeError, match="warmth"):
        restored_net({"warmth": 1}, **arrays)
    assert restored_net({}, **arrays).predict_proba(np.zeros((1, 2))).tolist() == [[1 / 3] * 3]

"""Small fitted models of every kind, shared by the tests that only read them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from glassnet.data import Dataset, ImageShape, Preprocessor
from glassnet.estimators.logistic_regression import LogisticRegression
from glassnet.estimators.mlp_classifier import MLPClassifier
from glassnet.estimators.trained import TrainedModel


def _fitted(dataset: Dataset, estimator: Any) -> TrainedModel:
    """Fit an estimator to the whole data set."""
    preprocessor = Preprocessor.for_dataset(dataset).fit(dataset.X)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        estimator.fit(preprocessor.transform(dataset.X), dataset.y)
    return TrainedModel.of(dataset, preprocessor, estimator)


def _mixed_table(seed: int = 0, classes: tuple[Any, ...] = ("low", "high")) -> Dataset:
    """Give 60 rows: two number columns, one with gaps, and a text column with gaps."""
    random = np.random.RandomState(seed)
    age = random.uniform(20, 60, 60)
    age[::7] = np.nan
    town = random.choice(["Aachen", "Ulm", "Köln"], 60).astype(object)
    town[::11] = np.nan
    frame = pd.DataFrame({"age": age, "income": random.normal(30e3, 9e3, 60), "town": town})
    y = np.array([classes[i % len(classes)] for i in range(60)])
    return Dataset.from_arrays(frame, y, name="table.csv", target="kind")


def _small_images(seed: int = 0) -> Dataset:
    """Give 40 rows of 3x2 pixels in order "F", of three classes."""
    random = np.random.RandomState(seed)
    return Dataset.from_arrays(
        random.uniform(0, 1, (40, 6)),
        np.arange(40) % 3 + 5,
        class_names=["five", "six", "seven"],
        image=ImageShape(3, 2, pixel_order="F"),
        name="pixels.mat",
    )


@pytest.fixture(scope="session")
def net() -> TrainedModel:
    return _fitted(_small_images(), MLPClassifier((4,), max_iter=3, random_state=0))


@pytest.fixture(scope="session")
def table_net() -> TrainedModel:
    return _fitted(_mixed_table(), MLPClassifier((4, 3), activation="tanh", max_iter=3))


@pytest.fixture(scope="session")
def logistic() -> TrainedModel:
    return _fitted(_mixed_table(classes=("a", "b", "c")), LogisticRegression(C=0.5))


@pytest.fixture(scope="session")
def fitted() -> Callable[[Dataset, Any], TrainedModel]:
    """Return the function that fits an estimator to a data set."""
    return _fitted


@pytest.fixture(scope="session")
def mixed_table() -> Callable[..., Dataset]:
    """Return the function that makes a mixed table, given a seed and its classes."""
    return _mixed_table


@pytest.fixture(scope="session")
def images() -> Dataset:
    return _small_images()

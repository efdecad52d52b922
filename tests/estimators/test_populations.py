"""Many members of one network on one set of rows: the public call."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_diabetes, load_iris

from glassnet import Member, MLPClassifier, MLPRegressor, Network, train_population
from glassnet.errors import DataError
from glassnet.training import Adam

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
IRIS, SPECIES = load_iris(return_X_y=True)
DIABETES, PROGRESS = load_diabetes(return_X_y=True)


def members(n: int) -> list[Member]:
    return [Member(Adam(0.01), np.random.RandomState(s), max_iter=4) for s in range(n)]


def test_members_are_the_nets_that_the_estimators_train() -> None:
    settings: dict[str, Any] = {"hidden_layer_sizes": (6,), "max_iter": 4, "random_state": 1}
    settings |= {"learning_rate_init": 0.01, "n_iter_no_change": 10}
    fits = train_population(Network((4, 6, 3)), members(2), IRIS, SPECIES, precision="float64").fits
    net = MLPClassifier(precision="float64", batch_size=150, **settings).fit(IRIS, SPECIES)
    assert fits[1].loss_curve == net.loss_curve_
    network = Network((10, 6, 1), output="exp")
    fits = train_population(network, members(2), DIABETES, PROGRESS, precision="float64").fits
    net = MLPRegressor("poisson", precision="float64", **settings).fit(DIABETES, PROGRESS)
    assert fits[1].loss_curve == net.loss_curve_


@pytest.mark.parametrize(
    ("network", "y"),
    [
        (Network((4, 6, 2)), SPECIES),
        (Network((5, 6, 3)), SPECIES),
        (Network((4, 6, 3), output="identity"), IRIS[:, :2]),
    ],
)
def test_a_shape_that_does_not_fit_is_told(network: Network, y: Any) -> None:
    with pytest.raises(DataError, match="these rows need 4 and"):
        train_population(network, members(1), IRIS, y)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"rows": np.arange(150) < 100}, r"rows of member 1 must be row numbers.*np\.flatnonzero"),
        ({"rows": np.array([0.0, 1.5])}, r"they are float64 of shape \(2,\)"),
        (
            {"rows": np.array([0, 150])},
            r"rows of member 1 must be in 0 \.\. 149; they go from 0 to 150",
        ),
        ({"validation_rows": np.array([-1])}, "validation_rows of member 1 must be in"),
        ({"clip_norm": -1.0}, r"clip_norm of member 1 is -1\.0; it must be above 0, or None"),
        ({"label_smoothing": 2.0}, r"label_smoothing of member 1 is 2\.0; it must be in \[0, 1\)"),
        ({"dropout": 1.0}, r"dropout of member 1 is 1\.0"),
        ({"max_iter": -1}, "max_iter of member 1 is -1; it must be a whole number of 1 or more"),
        ({"batch_size": 0}, "batch_size of member 1 is 0"),
        ({"alpha": np.nan}, "alpha of member 1 is nan"),
    ],
)
def test_members_that_make_no_sense_are_refused(changed: dict[str, Any], sentence: str) -> None:
    first, second = members(2)
    with pytest.raises(DataError, match=sentence):
        train_population(Network((4, 6, 3)), [first, replace(second, **changed)], IRIS, SPECIES)


@pytest.mark.parametrize(
    "options", [{"precision": "float16"}, {"precision": "foo"}, {"n_threads": 0}, {"n_threads": -5}]
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    (name,) = options
    with pytest.raises(DataError, match=f"{name} is .*; it must be"):
        train_population(Network((4, 6, 3)), members(1), IRIS, SPECIES, **options)

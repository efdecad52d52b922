"""Many members of one network on one set of rows: the public call."""

from __future__ import annotations

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

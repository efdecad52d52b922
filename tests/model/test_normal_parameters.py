"""Normal initial weights: their moments, layer by layer."""

from __future__ import annotations

import numpy as np

from glassnet.model import INITIAL, Network, initial_parameters, normal_parameters


def test_moments() -> None:
    network = Network((50, 400, 300, 4), "silu")
    theta = normal_parameters(network, np.random.RandomState(0), np.dtype(np.float64))
    coefs, intercepts = network.coefs(theta), network.intercepts(theta)
    for coef, variance in zip(coefs, (2 / 50, 2 / 400, 0.1 / 300), strict=True):
        np.testing.assert_allclose(coef.var(), variance, rtol=0.1)
        assert abs(coef.mean()) < 4 * (variance / coef.size) ** 0.5
    for intercept, fan_in in zip(intercepts[:-1], (50, 400), strict=True):
        assert np.abs(intercept).max() <= fan_in**-0.5
        np.testing.assert_allclose(intercept.std(), (3 * fan_in) ** -0.5, rtol=0.15)
    assert not intercepts[-1].any()


def test_a_seed_gives_one_start_in_the_dtype_that_is_asked_for() -> None:
    network = Network((3, 5, 2))
    first, second = (
        normal_parameters(network, np.random.RandomState(7), np.dtype(np.float32)) for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)
    assert first.dtype == np.float32
    assert {"glorot": initial_parameters, "normal": normal_parameters} == INITIAL

"""Smoothing undone, and one temperature for all probabilities."""

from __future__ import annotations

import numpy as np

from glassnet.estimators.calibration import (
    calibrated,
    fitted_temperature,
    mean_log_loss,
    unsmoothed,
)


def test_smoothing_is_undone() -> None:
    true = np.array([[0.9, 0.1, 0.0], [0.2, 0.5, 0.3]])
    smoothed = 0.9 * true + 0.1 / 3
    found = unsmoothed(smoothed, 0.1)
    np.testing.assert_allclose(found[1], true[1])
    np.testing.assert_allclose(found[0] / found[0, 0], [1, 1 / 9, 0.1 / 30 / 0.81])
    np.testing.assert_allclose(unsmoothed(true[1:], 0.0), true[1:])


def test_a_temperature_flattens_and_sharpens() -> None:
    p = np.array([[0.8, 0.2], [0.5, 0.5]])
    assert calibrated(p, 1.0) is p
    np.testing.assert_allclose(calibrated(p, 0.5), [[16 / 17, 1 / 17], [0.5, 0.5]])
    np.testing.assert_allclose(calibrated(p, 2.0)[0], [2 / 3, 1 / 3])


def test_the_temperature_of_probabilities_that_are_too_sure_is_found() -> None:
    random = np.random.RandomState(0)
    z = random.normal(size=(20_000, 3))
    honest = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    truth = (random.rand(len(z), 1) > honest.cumsum(axis=1)).sum(axis=1)
    sure = calibrated(honest, 0.5)
    found = fitted_temperature(sure, truth)
    np.testing.assert_allclose(found, 2.0, rtol=0.05)
    assert mean_log_loss(calibrated(sure, found), truth) < mean_log_loss(sure, truth) - 0.1


def test_few_rows_move_it_little() -> None:
    p = np.full((1, 2), [0.6, 0.4])
    assert 1 < fitted_temperature(p, np.array([1])) < 1.2
    assert 0.8 < fitted_temperature(p, np.array([0])) < 1

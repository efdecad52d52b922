"""What learning and validation curves say."""

from __future__ import annotations

import numpy as np
import pytest

from glassnet.errors import DataError
from glassnet.evaluation import LearningCurve, ValidationCurve


def curve(last: list[float]) -> LearningCurve:
    scores = np.array([[0.70, 0.72, 0.74], [0.80, 0.82, 0.84], last])[:, :, np.newaxis]
    return LearningCurve(np.array([100, 200, 400]), scores, np.full(scores.shape, 0.99))


def test_means_spreads_and_the_last_gain() -> None:
    found = curve([0.90, 0.91, 0.95])
    np.testing.assert_allclose(found.means, [0.72, 0.82, 0.92])
    np.testing.assert_allclose(found.spreads, [0.02, 0.02, np.std([0.90, 0.91, 0.95], ddof=1)])
    gain, error = found.last_gain
    assert gain == pytest.approx(0.10)
    # s² of 0.10, 0.09, 0.11 is 0.01², times 1/3 + 1/2.
    assert error == pytest.approx(0.01 * np.sqrt(1 / 3 + 1 / 2))


def test_it_says_whether_more_rows_would_help() -> None:
    assert curve([0.90, 0.91, 0.95]).sentence == (
        "From 200 to 400 rows the accuracy of rows left out went from 0.82 to 0.92, 0.1 more "
        "(standard error 0.0091): more rows would help."
    )
    flat = curve([0.80, 0.83, 0.84]).sentence
    assert "would hardly help" in flat
    assert "Rows trained on are at 0.99" in flat
    one = LearningCurve(np.array([1, 2]), np.ones((2, 1, 1)), np.ones((2, 1, 1)))
    assert "one fold does not tell" in one.sentence


def test_values_that_cannot_be_told_apart_are_named() -> None:
    scores = np.array([[0.5, 0.5], [0.90, 0.92], [0.91, 0.90]])[:, :, np.newaxis]
    found = ValidationCurve("alpha", (10.0, 0.1, 0.01), scores, scores)
    assert found.best == 1
    assert found.sentence == (
        "Of 3 values of alpha, 0.1 has the best accuracy of rows left out, 0.91; 0.01 cannot be "
        "told from it."
    )
    assert found.to_dict()["parameter"] == "alpha"


@pytest.mark.parametrize("sizes", [[100], [200, 100, 400], [100, 200]])
def test_shapes_that_do_not_fit_are_refused(sizes: list[int]) -> None:
    with pytest.raises(DataError, match="A learning curve needs"):
        LearningCurve(np.array(sizes), np.ones((3, 2, 1)), np.ones((3, 2, 1)))

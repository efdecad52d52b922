"""Pictures of learning and validation curves show their means where they belong."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest

from glassnet.evaluation import LearningCurve, ValidationCurve
from glassnet.pictures import LearningCurveDisplay, ValidationCurveDisplay


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


SCORES = np.array([[0.7, 0.8], [0.8, 0.9]])[:, :, np.newaxis]


def test_a_learning_curve_stands_at_its_sizes() -> None:
    curve = LearningCurve(np.array([100, 400]), SCORES, SCORES + 0.05)
    ax = LearningCurveDisplay.from_curve(curve).ax_
    trained, left_out = ax.lines
    np.testing.assert_allclose(left_out.get_xydata(), [[100, 0.75], [400, 0.85]])
    np.testing.assert_allclose(trained.get_xydata(), [[100, 0.80], [400, 0.90]])
    assert (trained.get_label(), left_out.get_label()) == ("rows trained on", "rows left out")
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["100", "400"]
    band = ax.collections[1].get_paths()[0].vertices
    assert band[:, 1].min() == pytest.approx(0.75 - np.std([0.7, 0.8], ddof=1))


def test_a_validation_curve_marks_its_best_value() -> None:
    curve = ValidationCurve("alpha", (1.0, 0.001), SCORES, SCORES)
    ax = ValidationCurveDisplay.from_curve(curve).ax_
    assert ax.get_xscale() == "log"
    np.testing.assert_allclose(ax.lines[1].get_xydata(), [[0.001, 0.85], [1.0, 0.75]])
    assert ax.lines[2].get_xdata()[0] == 0.001
    assert ax.get_title(loc="left") == "Best at alpha = 0.001"


def test_values_that_are_no_numbers_stand_in_their_order() -> None:
    curve = ValidationCurve("layers", ((8,), (8, 4)), SCORES, SCORES)
    ax = ValidationCurveDisplay.from_curve(curve).ax_
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["8", "8 × 4"]

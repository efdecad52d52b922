"""Confidence, suspected labels and neighbours: the numbers that are drawn."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.datasets import load_wine
from sklearn.naive_bayes import GaussianNB

from glassnet.data import ImageShape
from glassnet.errors import DataError
from glassnet.estimators import find_label_suspects
from glassnet.evaluation import calibration, label_suspects, nearest_examples
from glassnet.pictures import (
    CalibrationDisplay,
    ConfidenceDisplay,
    LabelSuspectsDisplay,
    NeighboursDisplay,
)
from glassnet.pictures.theme import WRONG

EIGHT = ImageShape(8, 8)
# Four rows at 65 %, two right; two rows at 95 %, both right.
P = np.array([[0.65, 0.35]] * 4 + [[0.95, 0.05]] * 2)
Y = [0, 0, 1, 1, 0, 0]


def texts_of(display):
    axes = display.figure_.axes
    texts = [t for ax in axes for t in (*ax.texts, ax._left_title, ax.xaxis.label, ax.yaxis.label)]
    return [*texts, *([display.figure_._suptitle] if display.figure_._suptitle else [])]


def test_the_reliability_diagram():
    display = CalibrationDisplay.from_predictions(Y, P)
    np.testing.assert_allclose(display.confidences, [0.65, 0.95])
    np.testing.assert_allclose(display.rates, [0.5, 1.0])
    (line, _, (whiskers,)) = display.marks_.lines
    np.testing.assert_allclose(line.get_xdata(), [0.65, 0.95])
    np.testing.assert_allclose(line.get_ydata(), [0.5, 1.0])
    found = calibration(Y, P)
    for segment, each in zip(
        whiskers.get_segments(), [b for b in found.bins if b.rows], strict=True
    ):
        np.testing.assert_allclose(segment[:, 1], [each.rate_low, each.rate_high])
    gaps = display.gaps_.get_segments()
    np.testing.assert_allclose(gaps, [[(0.65, 0.65), (0.65, 0.5)], [(0.95, 0.95), (0.95, 1.0)]])
    assert [bar.get_height() for bar in display.bars_] == [0, 0, 0, 0, 0, 0, 4, 0, 0, 2]
    title = display.axes_[0].get_title(loc="left")
    assert title == (
        "Confidence 75.0 %, right 66.7 % of 6 rows\nexpected calibration error 11.7 points"
    )


def test_over_and_underconfidence_have_their_colours(logistic, digits, misplaced):
    display = CalibrationDisplay.from_estimator(logistic, *digits)
    over = display.confidences > display.rates
    shown = [plt.matplotlib.colors.to_hex(c).upper() for c in display.gaps_.get_colors()]
    assert [colour == WRONG for colour in shown] == over.tolist()
    assert not misplaced(display.figure_, texts_of(display))


@pytest.mark.parametrize("n_bins", [1, 25])
def test_few_and_many_bins(n_bins, misplaced):
    rng = np.random.default_rng(0)
    p = rng.dirichlet([0.3] * 26, 3000)
    y = np.array([rng.choice(26, p=row) for row in p])
    display = CalibrationDisplay.from_predictions(y, p, n_bins=n_bins)
    assert len(display.bars_) == n_bins
    assert not misplaced(display.figure_, [display.axes_[0]._left_title])


def test_confidence_when_right_and_when_wrong():
    display = ConfidenceDisplay.from_predictions(Y, P, n_bins=10)
    assert display.right.tolist() == [0, 0, 0, 0, 0, 0, 2, 0, 0, 2]
    assert display.wrong.tolist() == [0, 0, 0, 0, 0, 0, 2, 0, 0, 0]
    heights = [[bar.get_height() for bar in ax.patches] for ax in display.axes_]
    assert heights == [display.right.tolist(), display.wrong.tolist()]
    assert [ax.texts[0].get_text() for ax in display.axes_] == [
        "4 right, 66.7 %",
        "2 wrong, 33.3 %",
    ]
    np.testing.assert_allclose(display.edges, np.linspace(0, 1, 11))


def test_confidence_of_a_model_that_is_always_right(misplaced):
    display = ConfidenceDisplay.from_predictions([0, 0], [[0.9, 0.1]] * 2)
    assert display.axes_[1].texts[0].get_text() == "0 wrong, 0.0 %"
    assert not misplaced(display.figure_, texts_of(display))


def test_suspects_that_are_pictures(digits, tiles, misplaced):
    X, y = digits
    wrong = y.copy()
    wrong[[3, 40]] = (y[[3, 40]] + 1) % 10
    p = np.full((len(y), 10), 0.01)
    p[np.arange(len(y)), y] = 0.91
    display = LabelSuspectsDisplay.from_predictions(wrong, p, X, image=EIGHT, max_shown=9)
    assert [each.row for each in display.shown[:2]] == [3, 40]
    first, *_ = tiles(display.image_).values()
    np.testing.assert_array_equal(first, np.kron(X[3].reshape(8, 8), np.ones((3, 3))))
    assert display.texts_[0].get_text() == f"given {wrong[3]}\n{y[3]}? 91 %"
    assert display.ax_.get_title(loc="left") == (
        f"The 9 most suspect of {len(y)} labels; the model doubts 2"
    )
    assert not misplaced(display.figure_, [*display.texts_, display.ax_._left_title])


@pytest.mark.parametrize("k", [2, 26])
def test_suspects_of_a_table(k, long_names, misplaced):
    rng = np.random.default_rng(0)
    p = rng.dirichlet([0.3] * k, 60)
    y = rng.integers(k, size=60)
    display = LabelSuspectsDisplay.from_predictions(
        y, p, classes=range(k), class_names=long_names(k)
    )
    marks = display.ax_.lines
    np.testing.assert_array_equal(
        marks[0].get_xdata(), [each.probability_of_given for each in display.shown]
    )
    np.testing.assert_array_equal(
        marks[1].get_xdata(), [each.probability_of_suggested for each in display.shown]
    )
    assert (
        next(t.get_text() for t in display.ax_.get_yticklabels()) == f"row {display.shown[0].row}"
    )
    assert len(display.texts_) == 50
    assert not misplaced(display.figure_, [*display.texts_, *display.ax_.get_yticklabels()])


def test_suspects_of_any_classifier():
    X, y = load_wine(return_X_y=True)
    y[5] = 2
    display = LabelSuspectsDisplay.from_suspects(find_label_suspects(GaussianNB(), X, y))
    assert display.shown[0].row == 5
    with pytest.raises(DataError, match="no suspects to draw"):
        LabelSuspectsDisplay.from_suspects(label_suspects([0], [[0.5, 0.5]], limit=0))


def test_neighbours_in_the_nets_own_space(net, digits, tiles, misplaced):
    X, y = digits
    display = NeighboursDisplay.from_estimator(
        net, X[:300], y[:300], X[300:], y[300:], rows=[4, 7], n_neighbors=3, image=EIGHT
    )
    hidden = np.maximum(X @ net.coefs_[0] + net.intercepts_[0], 0)
    expected = nearest_examples(hidden[:300], hidden[[304, 307]], n_neighbors=3)
    np.testing.assert_array_equal(display.neighbours.rows, expected.rows)
    shown = list(tiles(display.image_).values())
    assert len(shown) == 8
    sources = [304, *expected.rows[0], 307, *expected.rows[1]]
    for tile, i in zip(shown, sources, strict=True):
        np.testing.assert_array_equal(tile, np.kron(X[i].reshape(8, 8), np.ones((3, 3))))
    assert [t.get_text() for t in display.texts_[:2]] == [f"row 4: {y[304]}", f"{y[sources[1]]}"]
    np.testing.assert_array_equal(display.differs[0], y[expected.rows[0]] != y[304])
    assert not misplaced(display.figure_, display.texts_)


def test_neighbours_of_a_table(long_names, misplaced):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(50, 3)), rng.integers(3, size=50)
    found = nearest_examples(X[:40], X[40:45], n_neighbors=4)
    display = NeighboursDisplay.from_neighbours(
        found, X[:40], y[:40], X[40:45], y[40:45], rows=[40, 41, 42, 43, 44],
        classes=[0, 1, 2], class_names=long_names(3),
    )  # fmt: skip
    points = [c.get_offsets() for c in display.ax_.collections if len(c.get_offsets()) == 4]
    np.testing.assert_allclose([p[:, 0] for p in points], found.distances)
    np.testing.assert_array_equal(display.differs, y[found.rows] != y[40:45, None])
    assert not misplaced(display.figure_, [*display.texts_, *display.ax_.get_yticklabels()])

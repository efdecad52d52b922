"""Success rates, misclassifications and the confusion matrix."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from glassnet.errors import DataError
from glassnet.evaluation import Confusion, confusion, success_rates
from glassnet.pictures import ConfusionDisplay, MistakesDisplay, SuccessRatesDisplay
from glassnet.pictures.confusion import DIAGONAL
from glassnet.pictures.theme import HOLDOUT, MUTED, TRAIN, class_colour

# Of long names see test_no_clashes.py.
SIZES = pytest.mark.parametrize(("k", "named"), [(2, False), (26, True), (100, False)])


@pytest.fixture
def both_sets(random_labels):
    def count(k, names=None):
        sets = [random_labels(k, seed=s) for s in (0, 1)]
        rates = [success_rates(t, p, range(k), names) for t, p in sets]
        return dict(zip(("training rows", "held-out rows"), rates, strict=True))

    return count


def test_marks_and_whiskers_are_the_rates_and_their_intervals(both_sets):
    rates = both_sets(10)
    display = SuccessRatesDisplay.from_rates(rates)
    for i, (name, colour) in enumerate([("training rows", TRAIN), ("held-out rows", HOLDOUT)]):
        marks, _, (whiskers,) = display.errorbars_[name]
        classes = rates[name].classes
        np.testing.assert_allclose(marks.get_xdata(), [c.rate for c in classes])
        np.testing.assert_allclose(marks.get_ydata(), np.arange(10) + (-0.11, 0.11)[i])
        ends = np.array([segment[:, 0] for segment in whiskers.get_segments()])
        np.testing.assert_allclose(ends, [[c.low, c.high] for c in classes])
        assert to_hex(marks.get_color()) == colour.lower()
    train, holdout = (display.errorbars_[name][0] for name in rates)
    assert train.get_marker() != holdout.get_marker()
    assert [t.get_text() for t in display.ax_.get_yticklabels()] == [str(i) for i in range(10)]
    legend = [t.get_text() for t in display.ax_.get_legend().get_texts()]
    assert legend == [f"{n}: {100 * r.accuracy:.1f} % of 4000" for n, r in rates.items()]


@pytest.mark.parametrize(
    ("correct", "rows", "start"), [(500, 500, 0.9), (430, 500, 0.8), (5, 10, 0.2), (0, 9, 0.0)]
)
def test_the_axis_starts_below_the_lowest_whisker(correct, rows, start):
    y_pred = np.where(np.arange(rows) < correct, 0, 1)
    display = SuccessRatesDisplay.from_predictions(np.zeros(rows, int), y_pred, classes=[0, 1])
    assert display.axis_start == pytest.approx(start)
    low, high = display.ax_.get_xlim()
    assert low == pytest.approx(start)
    assert high >= 1.0


def test_classes_without_rows_keep_their_line_without_a_mark():
    display = SuccessRatesDisplay.from_predictions(["a", "c"], ["a", "a"], classes=["a", "b", "c"])
    marks = display.errorbars_["rows"][0]
    np.testing.assert_allclose(marks.get_ydata(), [0, 2])
    assert len(display.ax_.get_yticklabels()) == 3


def test_rates_from_an_estimator_keep_the_two_sets_apart(digits, logistic):
    X, y = digits
    display = SuccessRatesDisplay.from_estimator(
        logistic, X[:300], y[:300], X_holdout=X[300:], y_holdout=y[300:]
    )
    assert list(display.rates) == ["training rows", "held-out rows"]
    assert [r.rows for r in display.rates.values()] == [300, 100]
    assert display.rates["held-out rows"].accuracy == logistic.score(X[300:], y[300:])
    with pytest.raises(DataError, match="both X_holdout and y_holdout"):
        SuccessRatesDisplay.from_estimator(logistic, X, y, X_holdout=X)


def test_rates_of_other_classes_are_not_mixed():
    with pytest.raises(DataError, match="same classes"):
        SuccessRatesDisplay.from_rates(
            {"a": success_rates([1], [1], [1]), "b": success_rates([1], [1], [1, 2])}
        )


@SIZES
def test_labels_of_the_rates_do_not_overlap(
    tick_labels, k, named, misplaced, long_names, both_sets
):
    display = SuccessRatesDisplay.from_rates(both_sets(k, long_names(k) if named else None))
    ax = display.ax_
    texts = [
        *tick_labels(ax.yaxis), *tick_labels(ax.xaxis), *ax.get_legend().get_texts(),
        ax.xaxis.label, ax.yaxis.label, ax._left_title,
    ]  # fmt: skip
    assert not misplaced(display.figure_, texts)


COUNTS = Confusion(
    ("2", "5", "8", "9"),
    np.array([[400, 2, 14, 1], [6, 490, 4, 0], [3, 4, 493, 0], [0, 0, 0, 7]], dtype=np.int64),
)


def test_mistakes_are_ranked_bars_on_one_scale():
    display = MistakesDisplay.from_confusion(COUNTS)
    assert display.shown == (0, 1, 2, 3)
    assert display.bars[0] == (("8", 14), ("5", 2), ("9", 1))
    assert display.bars[3] == ()
    first = display.axes_[0]
    assert [bar.get_width() for bar in first.patches] == [14, 2, 1]
    assert [t.get_text() for t in first.get_yticklabels()] == ["8", "5", "9"]
    assert first.get_title(loc="left") == "2: 17 of 417 wrong"
    shades = [[to_hex(bar.get_facecolor()) for bar in ax.patches] for ax in display.axes_]
    assert shades[0] == [class_colour(i) for i in (2, 1, 3)]
    assert shades[1] == [class_colour(i) for i in (0, 2)]  # the same class, the same colour
    assert len({ax.get_xlim() for ax in display.axes_}) == 1
    assert [t.get_text() for t in display.axes_[3].texts] == ["no mistakes"]


def test_rare_mistakes_are_summed():
    counts = np.diag([10] * 8)
    counts[0, 1:] = [1, 2, 3, 4, 5, 6, 7]
    display = MistakesDisplay.from_confusion(Confusion(tuple("abcdefgh"), counts), max_bars=3)
    assert display.bars[0] == (("h", 7), ("g", 6), ("others", 15))
    shades = [to_hex(bar.get_facecolor()) for bar in display.axes_[0].patches]
    assert shades == [class_colour(7), class_colour(6), MUTED]


def test_of_many_classes_the_worst_are_shown(random_labels):
    true, predicted = random_labels(100)
    display = MistakesDisplay.from_predictions(true, predicted, classes=range(100))
    wrong = np.bincount(true[true != predicted], minlength=100)
    assert len(display.axes_) == 20
    assert [wrong[i] for i in display.shown] == sorted(wrong, reverse=True)[:20]
    assert "the 20 of 100 classes with the most mistakes" in display.figure_.get_suptitle()


def test_of_many_classes_those_without_mistakes_have_no_panel():
    counts = np.diag([10] * 30)
    display = MistakesDisplay.from_confusion(Confusion(tuple(map(str, range(30))), counts))
    assert [ax.texts[0].get_text() for ax in display.axes_] == ["no mistakes"]
    counts[[7, 20], [1, 1]] = [2, 3]
    display = MistakesDisplay.from_confusion(Confusion(tuple(map(str, range(30))), counts))
    assert display.shown == (20, 7)
    assert display.figure_.get_suptitle().endswith("the 2 of 30 classes with mistakes")


def test_mistakes_from_an_estimator_and_into_a_figure(digits, logistic):
    figure = plt.figure()
    display = MistakesDisplay.from_estimator(logistic, *digits, figure=figure)
    assert display.figure_ is figure
    assert display.confusion.n_mistakes == np.sum(logistic.predict(digits[0]) != digits[1])
    with pytest.raises(DataError, match="At least one"):
        MistakesDisplay(confusion=COUNTS, max_bars=0)


@SIZES
def test_labels_of_the_mistakes_do_not_overlap(k, named, misplaced, random_labels, long_names):
    names = long_names(k) if named else None
    display = MistakesDisplay.from_predictions(
        *random_labels(k, 40000), classes=range(k), class_names=names
    )
    texts = [display.figure_._suptitle]
    for ax in display.axes_:
        texts += [*ax.get_yticklabels(), *ax.texts, ax._left_title]
    assert not misplaced(display.figure_, texts)


def test_colours_are_shares_of_the_true_class_without_the_diagonal():
    display = ConfusionDisplay.from_confusion(COUNTS)
    assert display.shares[0, 2] == pytest.approx(14 / 417)
    assert np.isnan(np.diagonal(display.shares)).all()
    drawn = display.image_.get_array()
    assert drawn.mask.diagonal().all()
    np.testing.assert_allclose(drawn.filled(np.nan), display.shares)
    assert display.image_.get_clim() == (0.0, pytest.approx(14 / 417))
    assert to_hex(display.image_.get_cmap().get_bad()) == DIAGONAL
    printed = {t.get_position(): t.get_text() for t in display.texts_}
    assert printed[(2, 0)] == "14"
    assert printed[(0, 0)] == "400"
    assert (1, 3) not in printed
    assert display.ax_.get_xlabel() == "assigned class"
    assert display.ax_.get_ylabel() == "true class"
    assert "share" in display.colorbar_.ax.get_ylabel()
    assert display.ax_.get_title(loc="left") == "34 of 1424 rows wrong"


def test_numbers_are_left_out_when_they_no_longer_fit(random_labels):
    assert len(ConfusionDisplay.from_predictions(*random_labels(26)).texts_) > 26
    assert ConfusionDisplay.from_predictions(*random_labels(27)).texts_ == []


def test_a_perfect_model_has_a_matrix_too(digits):
    _, y = digits
    display = ConfusionDisplay.from_predictions(y, y)
    assert display.confusion.n_mistakes == 0
    assert display.image_.get_clim()[1] > 0


def test_confusions_from_an_estimator(digits, logistic):
    display = ConfusionDisplay.from_estimator(logistic, *digits)
    expected = confusion(digits[1], logistic.predict(digits[0]), range(10)).counts
    np.testing.assert_array_equal(display.confusion.counts, expected)


@SIZES
def test_labels_of_the_confusions_do_not_overlap(
    tick_labels, k, named, misplaced, random_labels, long_names
):
    names = long_names(k) if named else None
    display = ConfusionDisplay.from_predictions(
        *random_labels(k, 40000), classes=range(k), class_names=names
    )
    ax = display.ax_
    texts = [
        *tick_labels(ax.xaxis), *tick_labels(ax.yaxis), *display.texts_, ax.xaxis.label,
        ax.yaxis.label, ax._left_title, *tick_labels(display.colorbar_.ax.yaxis),
        display.colorbar_.ax.yaxis.label,
    ]  # fmt: skip
    assert not misplaced(display.figure_, texts)

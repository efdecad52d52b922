"""Loss curves, the weight matrix and the hidden units."""

from __future__ import annotations

import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
import scipy.io
from sklearn.datasets import load_wine
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from glassnet.data import ImageShape
from glassnet.errors import DataError
from glassnet.pictures import HiddenUnitsDisplay, LossCurveDisplay, WeightMatrixDisplay
from glassnet.pictures.panels import AGAINST, FOR
from glassnet.pictures.theme import DIVERGING

SLOW, FAST = np.linspace(3.3, 1.5, 200), 3.0 * 0.9 ** np.arange(75)
EIGHT = ImageShape(8, 8)


def test_curves_start_at_epoch_one_and_are_named():
    display = LossCurveDisplay.from_curves({"rate 0.001": SLOW, "rate 1": FAST})
    slow, fast = display.lines_
    np.testing.assert_array_equal(slow.get_xdata(), np.arange(1, 201))
    np.testing.assert_array_equal(slow.get_ydata(), SLOW)
    np.testing.assert_array_equal(fast.get_ydata(), FAST)
    assert slow.get_color() != fast.get_color()
    assert slow.get_linestyle() != fast.get_linestyle()
    assert display.ax_.get_xlabel() == "epoch"
    legend = [t.get_text() for t in display.ax_.get_legend().get_texts()]
    assert legend == ["rate 0.001", "rate 1"]


@pytest.mark.parametrize(
    ("curve", "log"),
    [(SLOW, False), (FAST, True), ([20.0, 1.0], False), ([20.1, 1.0], True), ([3.0, 0.0], False)],
)
def test_the_loss_axis_is_logarithmic_where_it_helps(curve, log):
    display = LossCurveDisplay.from_curves({"net": curve})
    assert display.log is log
    assert display.ax_.get_yscale() == ("log" if log else "linear")
    assert display.ax_.get_ylabel() == ("loss (log scale)" if log else "loss")
    if not log:
        assert display.ax_.get_ylim()[0] == 0.0


def test_the_rule_can_be_overridden():
    assert LossCurveDisplay.from_curves({"a": SLOW}, log=True).ax_.get_yscale() == "log"
    assert LossCurveDisplay.from_curves({"a": FAST}, log=False).ax_.get_yscale() == "linear"


def test_a_diverged_curve_leaves_a_gap_and_says_so():
    display = LossCurveDisplay.from_curves({"a": [2.0, np.inf, np.nan], "b": [2.0, 1.0, 0.9]})
    np.testing.assert_array_equal(display.lines_[0].get_ydata(), [2.0, np.nan, np.nan])
    assert display.ax_.get_legend().get_texts()[0].get_text() == "a (diverged)"


def test_the_curve_of_an_estimator(digits):
    X, y = digits
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        net = MLPClassifier((5,), max_iter=7, random_state=0).fit(X, y)
    _, ax = plt.subplots()
    display = LossCurveDisplay.from_estimator(net, name="small net", ax=ax)
    assert display.ax_ is ax
    np.testing.assert_array_equal(display.lines_[0].get_ydata(), net.loss_curve_)
    assert ax.get_title(loc="left") == "Training loss, small net"
    assert ax.get_legend() is None


def test_without_a_curve_there_is_nothing_to_draw():
    with pytest.raises(DataError, match="has no loss_curve_"):
        LossCurveDisplay.from_estimator(LogisticRegression())
    for curves in ({}, {"a": []}, {"a": [[1.0]]}):
        with pytest.raises(DataError, match="at least one epoch"):
            LossCurveDisplay.from_curves(curves)


def test_the_matrix_has_a_row_for_each_unit(net):
    display = WeightMatrixDisplay.from_estimator(net)
    np.testing.assert_array_equal(display.image_.get_array(), net.coefs_[0].T)
    low, high = display.image_.get_clim()
    assert low == -high == -display.limit
    assert display.image_.get_cmap() == DIVERGING
    assert display.colorbar_.ax.get_ylabel() == "weight"
    assert (display.ax_.get_xlabel(), display.ax_.get_ylabel()) == ("input", "hidden unit")
    assert "64 inputs into 9 units" in display.ax_.get_title(loc="left")


def test_a_few_giant_weights_do_not_wash_the_scale_out():
    weights = np.random.default_rng(0).normal(size=(1000, 3))
    assert WeightMatrixDisplay.from_weights(weights).limit == np.abs(weights).max()
    weights[0, 0] = 100.0
    display = WeightMatrixDisplay.from_weights(weights)
    assert display.limit < 4.0
    assert display.colorbar_.extend == "both"


def test_names_of_few_features_are_printed(wine_net, misplaced):
    names = load_wine().feature_names
    display = WeightMatrixDisplay.from_estimator(wine_net, feature_names=names)
    texts = display.ax_.get_xticklabels()
    assert [t.get_text() for t in texts][:2] == names[:2]
    assert not misplaced(display.figure_, [*texts, *display.ax_.get_yticklabels()])
    with pytest.raises(DataError, match="1 feature names were given for 13"):
        WeightMatrixDisplay.from_estimator(wine_net, feature_names=["a"])


def test_units_are_pictures_on_one_scale_centred_at_zero(net, misplaced, tiles):
    display = HiddenUnitsDisplay.from_estimator(net, image=EIGHT)
    weights = net.coefs_[0].T
    norms = np.linalg.norm(weights, axis=1)
    assert display.shown.tolist() == np.argsort(-norms).tolist()
    shown = tiles(display.image_).values()
    for unit, tile in zip(display.shown, shown, strict=True):
        np.testing.assert_array_equal(tile, np.kron(weights[unit].reshape(8, 8), np.ones((3, 3))))
    assert display.image_.get_clim() == (-display.limit, display.limit)
    assert display.image_.get_interpolation() == "nearest"
    assert display.image_.get_cmap() == DIVERGING
    assert display.limit == np.abs(weights).max()
    assert [t.get_text() for t in display.texts_] == [str(u) for u in display.shown]
    assert display.colorbar_.mappable is display.image_
    assert not misplaced(display.figure_, [*display.texts_, display.axes_[0]._left_title])


def test_order_and_number_of_units(net):
    by_index = HiddenUnitsDisplay.from_estimator(net, image=EIGHT, order="index")
    assert by_index.shown.tolist() == list(range(9))
    three = HiddenUnitsDisplay.from_estimator(net, image=EIGHT, max_units=3)
    assert three.shown.tolist() == np.argsort(-three.norms)[:3].tolist()
    assert three.axes_[0].get_title(loc="left") == (
        "The 3 strongest of 9 hidden units, strongest first"
    )
    with pytest.raises(DataError, match="'norm' or 'index'"):
        HiddenUnitsDisplay.from_estimator(net, order="size")


def test_colour_units_are_colours_around_mid_grey(tiles):
    weights = np.zeros((48, 2))
    weights[0, 0], weights[1, 0] = 2.0, -1.0
    display = HiddenUnitsDisplay.from_weights(weights, image=ImageShape(4, 4, 3))
    first, second = tiles(display.image_).values()
    expected = np.full((4, 4, 4), [128, 128, 128, 255])
    expected[0, 0, :2] = [255, 64]
    np.testing.assert_array_equal(first, expected.repeat(6, 0).repeat(6, 1))
    np.testing.assert_array_equal(second, np.full((24, 24, 4), [128, 128, 128, 255]))
    assert display.colorbar_ is None


def test_units_of_a_table_are_ranked_bars(wine_net, misplaced):
    names = load_wine().feature_names
    display = HiddenUnitsDisplay.from_estimator(wine_net, feature_names=names)
    assert len(display.axes_) == 12
    for ax, unit in zip(display.axes_, display.shown, strict=True):
        weights = wine_net.coefs_[0][:, unit]
        top = np.argsort(-np.abs(weights))[:8]
        np.testing.assert_array_equal([bar.get_width() for bar in ax.patches], weights[top])
        assert ax.get_yticklabels()[0].get_text()[:8] == names[top[0]][:8]
        assert ax.get_title(loc="left") == f"unit {unit}"
    bar = display.axes_[0].patches[0]
    assert plt.matplotlib.colors.to_hex(bar.get_facecolor()).upper() == (
        FOR if bar.get_width() > 0 else AGAINST
    )
    low, high = display.axes_[0].get_xlim()
    assert low == -high
    texts = [t for ax in display.axes_ for t in (*ax.get_yticklabels(), ax._left_title)]
    texts += [display.figure_._suptitle, display.figure_._supxlabel]
    assert not misplaced(display.figure_, texts)


@pytest.mark.parametrize("h", [1, 2, 500])
def test_few_and_many_units(h, misplaced, tiles):
    weights = np.random.default_rng(0).normal(size=(64, h))
    display = HiddenUnitsDisplay.from_weights(weights, image=EIGHT)
    shown = np.array([*tiles(display.image_).values()])
    assert len(shown) == min(h, 100)
    np.testing.assert_array_equal(shown, display.images.repeat(3, 1).repeat(3, 2))
    assert not misplaced(display.figure_, display.texts_)
    assert len(HiddenUnitsDisplay.from_weights(weights).axes_) == min(h, 12)


@pytest.mark.parametrize("draw", [HiddenUnitsDisplay, WeightMatrixDisplay])
def test_only_nets_have_hidden_units(draw, logistic):
    with pytest.raises(DataError, match="has no coefs_"):
        draw.from_estimator(logistic)
    with pytest.raises(DataError, match="not"):
        draw.from_weights(np.zeros(3)[None, None])


@pytest.mark.shared_data
def test_the_courses_units_are_strokes_not_noise(shared_data, tiles):
    """Neighbouring pixels of a stroke resemble each other; in the wrong order they do not."""
    theta = scipy.io.loadmat(shared_data / "ex3weights.mat")["Theta1"]
    coef = theta[:, 1:].T

    def smoothness(images):
        inner = images[:, 3:-3, 3:-3]
        across = np.corrcoef(inner[:, :, 1:].ravel(), inner[:, :, :-1].ravel())[0, 1]
        down = np.corrcoef(inner[:, 1:].ravel(), inner[:, :-1].ravel())[0, 1]
        return across, down

    right = HiddenUnitsDisplay.from_weights(coef, image=ImageShape(20, 20, pixel_order="F"))
    assert right.images.shape == (25, 20, 20)
    assert min(smoothness(right.images)) > 0.3
    upright = theta[right.shown[0], 1:].reshape(20, 20).T
    first, *_ = tiles(right.image_).values()
    np.testing.assert_array_equal(first, upright.repeat(2, 0).repeat(2, 1))

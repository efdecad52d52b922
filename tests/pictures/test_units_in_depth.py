"""Sheets of units, ablation, maximal inputs, examples and attributions; held-out loss."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from matplotlib.colors import to_hex
from sklearn.datasets import load_breast_cancer, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from glassnet import MLPClassifier
from glassnet.data import ImageShape
from glassnet.errors import DataError
from glassnet.evaluation import (
    FittedNet,
    ablate_units,
    attributions,
    maximal_inputs,
    unit_profiles,
)
from glassnet.pictures import (
    AttributionDisplay,
    ExampleDisplay,
    LossCurveDisplay,
    MaximalInputsDisplay,
    UnitAblationDisplay,
    UnitDisplay,
)
from glassnet.pictures.theme import class_colour

EIGHT = ImageShape(8, 8)
WINE, CANCER = load_wine(), load_breast_cancer()


def inside(net):
    return FittedNet.of(
        net.coefs_, net.intercepts_, activation=net.activation, output=net.out_activation_
    )


@pytest.fixture(scope="module")
def wine():
    net = MLPClassifier((8, 5), solver="lbfgs", max_iter=40, tol=1e-1, random_state=0)
    return make_pipeline(StandardScaler(), net).fit(WINE.data, WINE.target)


@pytest.fixture(scope="module")
def cancer():
    net = MLPClassifier((6,), solver="lbfgs", max_iter=40, tol=1e-1, random_state=0)
    return make_pipeline(StandardScaler(), net).fit(CANCER.data, CANCER.target)


def widths(ax):
    return [bar.get_width() for bar in ax.patches]


def titles_and_labels(display, axes):
    texts = [display.figure_._suptitle]
    for ax in axes:
        texts += [ax._left_title, *(t for t in ax.get_yticklabels() if t.get_text())]
    return [text for text in texts if text is not None]


def test_the_sheet_of_a_unit_of_pictures(net, digits, tiles, misplaced):
    X, y = digits
    display = UnitDisplay.from_estimator(net, X, y, unit=4, image=EIGHT)
    profile = unit_profiles(inside(net), X, y, net.classes_)[4]
    weights = display.axes_["weights"].images[0]
    np.testing.assert_array_equal(weights.get_array(), net.coefs_[0][:, 4].reshape(8, 8))
    low, high = weights.get_clim()
    assert high == -low == np.abs(net.coefs_[0][:, 4]).max()
    maximal = display.axes_["maximal"].images[0].get_array()
    expected = maximal_inputs(inside(net), X, units=[4]).inputs[0]
    np.testing.assert_allclose(maximal, expected.reshape(8, 8))
    for name, rows in (("most", profile.most), ("least", profile.least)):
        shown = tiles(display.axes_[name].images[0]).values()
        for tile, row in zip(shown, rows, strict=True):
            np.testing.assert_array_equal(tile, np.kron(X[row].reshape(8, 8), np.ones((3, 3))))
    np.testing.assert_allclose(widths(display.axes_["votes"]), net.coefs_[1][4])
    found = ablate_units(inside(net), X, y, net.classes_, units=[4])
    np.testing.assert_allclose(widths(display.axes_["ablation"]), -100 * found.changes[0])
    marks = display.axes_["activation"].collections[2]
    np.testing.assert_allclose(marks.get_offsets()[:, 0], profile.quantiles[:, 2])
    assert [to_hex(colour) for colour in marks.get_edgecolors()] == [*map(class_colour, range(10))]
    assert display.figure_._suptitle.get_text().startswith("Unit 4: without it the loss rises by ")
    assert not misplaced(display.figure_, titles_and_labels(display, display.axes_.values()))


def test_the_sheet_of_a_unit_of_a_table(cancer, misplaced):
    display = UnitDisplay.from_estimator(
        cancer, CANCER.data, CANCER.target, unit=2, class_names=["malignant", "benign"],
        feature_names=CANCER.feature_names,
    )  # fmt: skip
    fitted = cancer[-1]
    weights = fitted.coefs_[0][:, 2]
    expected = np.argsort(-np.abs(weights), kind="stable")[:10]  # the rows are standardised
    assert display.features.tolist() == expected.tolist()
    np.testing.assert_allclose(widths(display.axes_["weights"]), weights[expected])
    out = fitted.coefs_[1][2, 0]
    np.testing.assert_allclose(widths(display.axes_["votes"]), [-out, out])
    rows = cancer[:-1].transform(CANCER.data)
    points = display.axes_["rows"].lines[0]
    np.testing.assert_allclose(
        np.sort(points.get_xdata()), np.sort(rows[display.profile.most][:, expected].ravel())
    )
    assert not misplaced(display.figure_, titles_and_labels(display, display.axes_.values()))


def test_the_sheet_of_a_deeper_unit(wine, misplaced):
    first = UnitDisplay.from_estimator(wine, WINE.data, WINE.target, unit=1)
    np.testing.assert_allclose(sorted(widths(first.axes_["votes"])), sorted(wine[-1].coefs_[1][1]))
    assert first.votes is None
    second = UnitDisplay.from_estimator(wine, WINE.data, WINE.target, unit=1, layer=1)
    assert "weights" not in second.axes_
    np.testing.assert_allclose(widths(second.axes_["votes"]), wine[-1].coefs_[2][1])
    assert second.figure_._suptitle.get_text().startswith("Unit 1 of hidden layer 2")
    for display in (first, second):
        assert not misplaced(display.figure_, titles_and_labels(display, display.axes_.values()))
    with pytest.raises(DataError, match="numbered 0 to 7"):
        UnitDisplay.from_estimator(wine, WINE.data, WINE.target, unit=8)


def test_of_many_classes_those_are_shown_that_matter(misplaced, long_names):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(400, 4)), np.arange(400) % 100
    net = MLPClassifier((3,), max_iter=300, random_state=0, tol=0.5).fit(X, y)
    display = UnitDisplay.from_estimator(net, X, y, class_names=long_names(100))
    strongest = np.sort(np.argsort(-np.abs(net.coefs_[1][0]), kind="stable")[:30])
    assert display.shown.tolist() == strongest.tolist()
    assert not misplaced(display.figure_, titles_and_labels(display, display.axes_.values()))


def test_ablation_is_ordered_by_need(net, digits, misplaced):
    X, y = digits
    display = UnitAblationDisplay.from_estimator(net, X, y)
    found = ablate_units(inside(net), X, y, net.classes_)
    order = np.argsort(-found.loss_without, kind="stable")
    assert display.shown.tolist() == order.tolist()
    np.testing.assert_allclose(display.image_.get_array(), -100 * found.changes[order])
    np.testing.assert_allclose(widths(display.axes_[1]), (found.loss_without - found.loss)[order])
    low, high = display.image_.get_clim()
    assert high == -low == np.abs(100 * found.changes).max()
    printed = {text.get_text() for text in display.texts_}
    largest = display.points.max()
    assert (f"{largest:.1f}" if largest < 10 else f"{largest:.0f}") in printed
    assert [t.get_text() for t in display.axes_[0].get_yticklabels()] == [str(u) for u in order]
    assert not misplaced(display.figure_, display.texts_)
    few = UnitAblationDisplay.from_ablation(found, max_units=3)
    assert few.shown.tolist() == order[:3].tolist()
    assert few.figure_._suptitle.get_text().endswith("the 3 most needed of 9 units")


@pytest.mark.parametrize("k", [2, 26])
def test_ablation_of_few_and_many_classes(k, long_names, misplaced):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(300, 4)), np.arange(300) % k
    net = MLPClassifier((5,), max_iter=300, random_state=0, tol=0.5).fit(X, y)
    display = UnitAblationDisplay.from_estimator(net, X, y, class_names=long_names(k))
    labels = display.axes_[0].get_xticklabels()
    assert not misplaced(display.figure_, [*labels, display.figure_._suptitle])


def test_maximal_inputs_as_pictures(net, digits, tiles, misplaced):
    X, _ = digits
    display = MaximalInputsDisplay.from_estimator(net, X, image=EIGHT)
    expected = maximal_inputs(inside(net), X).inputs
    for tile, row in zip(tiles(display.image_).values(), expected, strict=True):
        np.testing.assert_allclose(tile, np.kron(row.reshape(8, 8), np.ones((3, 3))))
    assert [t.get_text() for t in display.texts_] == [str(i) for i in range(9)]
    assert not misplaced(display.figure_, [*display.texts_, display.axes_[0]._left_title])
    classes = MaximalInputsDisplay.from_estimator(net, X, layer=1, image=EIGHT)
    assert [t.get_text() for t in classes.texts_] == [str(c) for c in net.classes_]
    assert classes.axes_[0].get_title(loc="left").startswith("What would fire each class most")


def test_maximal_inputs_of_a_table(wine, misplaced):
    names = WINE.feature_names
    display = MaximalInputsDisplay.from_estimator(
        wine, WINE.data, layer=2, feature_names=names, class_names=["a", "b", "c"]
    )
    rows = wine[:-1].transform(WINE.data)
    expected = maximal_inputs(inside(wine[-1]), rows, layer=2)
    np.testing.assert_allclose(display.standard, expected.inputs / rows.std(axis=0))
    for ax, name, standard in zip(display.axes_, "abc", display.standard, strict=True):
        top = np.argsort(-np.abs(standard), kind="stable")[:8]
        np.testing.assert_allclose(widths(ax), standard[top])
        assert ax.get_title(loc="left") == name
        assert ax.get_yticklabels()[0].get_text()[:8] == names[top[0]][:8]
    assert not misplaced(display.figure_, titles_and_labels(display, display.axes_))


def test_an_example_of_pictures(net, digits, misplaced):
    X, y = digits
    display = ExampleDisplay.from_estimator(net, X, y, row=17, image=EIGHT)
    np.testing.assert_array_equal(display.axes_["input"].images[0].get_array(), X[17].reshape(8, 8))
    found = attributions(inside(net), X[[17]])
    reasons = display.axes_["reasons"].images[0].get_array()
    np.testing.assert_allclose(reasons, found.integrated_gradients[0].reshape(8, 8))
    p = net.predict_proba(X[[17]])[0]
    order = np.argsort(-p, kind="stable")
    assert display.classes.tolist() == order.tolist()
    np.testing.assert_allclose(widths(display.axes_["probabilities"]), 100 * p[order])
    shades = [to_hex(bar.get_facecolor()) for bar in display.axes_["probabilities"].patches]
    assert shades == [class_colour(int(c)) for c in order]
    told = [text.get_text() for text in display.axes_["probabilities"].texts]
    assert [text.endswith("%, true") for text in told] == (order == y[17]).tolist()
    hidden = np.maximum(X[17] @ net.coefs_[0] + net.intercepts_[0], 0)
    cells = display.axes_["layer 0"].images[0].get_array()
    np.testing.assert_allclose(np.ma.filled(cells, 0).ravel()[:9], hidden)
    np.testing.assert_allclose(widths(display.axes_["votes"]), display.example.votes[display.units])
    assert not misplaced(display.figure_, titles_and_labels(display, display.axes_.values()))
    with pytest.raises(DataError, match="Row 400 does not exist"):
        ExampleDisplay.from_estimator(net, X, row=400)


def test_an_example_of_a_table(wine, misplaced):
    names = WINE.feature_names
    display = ExampleDisplay.from_estimator(
        wine, WINE.data, WINE.target, row=60, explain=2, feature_names=names,
        class_names=["a", "b", "c"],
    )  # fmt: skip
    assert "input" not in display.axes_
    assert {"layer 0", "layer 1"} <= set(display.axes_)
    rows = wine[:-1].transform(WINE.data)
    found = attributions(inside(wine[-1]), rows[[60]], 2).integrated_gradients[0]
    top = np.argsort(-np.abs(found), kind="stable")[:10]
    np.testing.assert_allclose(widths(display.axes_["reasons"]), found[top])
    assert display.axes_["reasons"].get_title(loc="left") == "reasons for c"
    assert not misplaced(display.figure_, titles_and_labels(display, display.axes_.values()))


def test_attributions_of_pictures(net, digits, clashes):
    X, y = digits
    display = AttributionDisplay.from_estimator(net, X, y, rows=[3, 9], image=EIGHT)
    found = attributions(inside(net), X[[3, 9]])
    for i in range(2):
        shown = [ax.images[0].get_array() for ax in display.axes_[i]]
        np.testing.assert_array_equal(shown[0], X[(3, 9)[i]].reshape(8, 8))
        np.testing.assert_allclose(shown[1], found.gradient_x_input[i].reshape(8, 8))
        np.testing.assert_allclose(shown[2], found.integrated_gradients[i].reshape(8, 8))
    p = 100 * net.predict_proba(X[[3]]).max()
    assert display.texts_[0].get_text().startswith(f"row 3: {y[3]}, {p:.0f} %")
    assert clashes(display.figure_) == []


def test_attributions_of_a_table(wine, misplaced):
    display = AttributionDisplay.from_estimator(
        wine, WINE.data, WINE.target, n_rows=3, random_state=0, feature_names=WINE.feature_names
    )
    assert display.axes_.shape == (3, 2)
    for i, example in enumerate(display.examples):
        top = np.argsort(-np.abs(example.integrated_gradients), kind="stable")[:8]
        np.testing.assert_allclose(widths(display.axes_[i, 1]), example.integrated_gradients[top])
        np.testing.assert_allclose(widths(display.axes_[i, 0]), example.gradient_x_input[top])
    assert not misplaced(display.figure_, titles_and_labels(display, display.axes_.flat))


def test_colour_pictures():
    rng = np.random.default_rng(0)
    X, y = rng.random((40, 48)), np.arange(40) % 2
    net = MLPClassifier((3,), max_iter=300, random_state=0, tol=0.5).fit(X, y)
    shape = ImageShape(4, 4, 3)
    display = AttributionDisplay.from_estimator(net, X, rows=[1], image=shape)
    found = attributions(inside(net), X[[1]]).integrated_gradients[0]
    np.testing.assert_allclose(
        display.axes_[0, 2].images[0].get_array(), found.reshape(4, 4, 3).sum(axis=-1)
    )
    assert ExampleDisplay.from_estimator(net, X, image=shape).picture.shape == (4, 4, 3)
    assert UnitDisplay.from_estimator(net, X, y, image=shape).pictures_of_most.shape[1:] == (
        4,
        4,
        3,
    )
    assert MaximalInputsDisplay.from_estimator(net, X, image=shape).images.shape == (3, 4, 4, 3)


@pytest.mark.parametrize(
    "draw", [UnitDisplay, UnitAblationDisplay, MaximalInputsDisplay, ExampleDisplay]
)
def test_only_nets_can_be_looked_into(draw, digits):
    model = LogisticRegression()
    X, y = digits
    labels = {} if draw in (MaximalInputsDisplay, ExampleDisplay) else {"y": y}
    with pytest.raises(DataError, match="LogisticRegression has no coefs_"):
        draw.from_estimator(model, X, **labels)


def test_the_loss_beside_that_of_held_out_rows(digits):
    X, y = digits
    net = MLPClassifier((20,), max_iter=60, random_state=0, n_iter_no_change=99, tol=0.0)
    net = make_quiet(net, X[:200], y[:200], X_val=X[200:], y_val=y[200:])
    display = LossCurveDisplay.from_estimator(net)
    training, held_out = display.lines_
    np.testing.assert_array_equal(training.get_ydata(), net.loss_curve_)
    np.testing.assert_array_equal(held_out.get_ydata(), net.validation_loss_curve_)
    assert display.best_epoch == int(np.argmin(net.validation_loss_curve_)) + 1
    assert display.best_.get_xdata() == [display.best_epoch]
    assert display.best_.get_ydata() == [min(net.validation_loss_curve_)]
    legend = [t.get_text() for t in display.ax_.get_legend().get_texts()]
    assert legend[:2] == ["training rows", "held-out rows"]
    assert legend[2].endswith(f"in epoch {display.best_epoch}")
    assert display.ax_.get_title(loc="left") == "Loss, MLPClassifier"


def make_quiet(net, X, y, **given):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return net.fit(X, y, **given)


def test_held_out_losses_that_are_not_there():
    display = LossCurveDisplay.from_curves({"a": [2.0, 1.0, 0.9]}, held_out=[2.0, np.nan, 1.5])
    assert display.best_epoch == 3
    assert LossCurveDisplay.from_curves({"a": [1.0]}, held_out=[np.nan]).best_epoch is None
    assert LossCurveDisplay.from_curves({"a": [1.0]}).held_out is None
    with pytest.raises(DataError, match="beside one training curve"):
        LossCurveDisplay.from_curves({"a": [1.0], "b": [1.0]}, held_out=[1.0])

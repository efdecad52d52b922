"""Sample grid and prediction panel."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from glassnet.data import ImageShape
from glassnet.errors import DataError
from glassnet.pictures import PredictionPanelDisplay, SampleGridDisplay
from glassnet.pictures.theme import WRONG

EIGHT = ImageShape(8, 8)


def picture(drawn):
    return np.asarray(drawn.get_array())


def test_the_grid_is_a_hundred_rows_upright_and_sharp(digits):
    X, _ = digits
    display = SampleGridDisplay.from_images(X, EIGHT, random_state=3)
    assert display.images.shape == (100, 8, 8)
    assert len(set(display.rows)) == 100
    np.testing.assert_array_equal(picture(display.images_[7]), X[display.rows[7]].reshape(8, 8))
    left, right, bottom, top = display.images_[7].get_extent()
    assert (left < right, bottom > top, display.ax_.yaxis_inverted()) == (True, True, True)
    assert {drawn.get_interpolation() for drawn in display.images_} == {"nearest"}
    assert {drawn.get_cmap().name for drawn in display.images_} == {"gray"}
    assert {drawn.get_clim() for drawn in display.images_} == {
        (display.images.min(), display.images.max())
    }
    assert not display.ax_.axison
    assert display.ax_.get_title(loc="left") == "100 of 400 rows"
    corners = {(round(d.get_extent()[0], 6), round(d.get_extent()[3], 6)) for d in display.images_}
    assert len({x for x, _ in corners}) == len({y for _, y in corners}) == 10


def test_the_pixel_order_of_the_data_is_used():
    X = np.arange(12.0).reshape(2, 6)
    display = SampleGridDisplay.from_images(X, ImageShape(2, 3, pixel_order="F"), rows=[1])
    np.testing.assert_array_equal(picture(display.images_[0]), [[6, 8, 10], [7, 9, 11]])


def test_the_random_state_decides_the_sample(digits):
    X, _ = digits
    rows = [
        SampleGridDisplay.from_images(X, EIGHT, random_state=s).rows.tolist() for s in (0, 0, 1)
    ]
    assert rows[0] == rows[1] != rows[2]


def test_few_rows_are_all_shown(digits):
    display = SampleGridDisplay.from_images(digits[0][:5], EIGHT)
    assert sorted(display.rows) == [0, 1, 2, 3, 4]
    assert display.ax_.get_title(loc="left") == "All 5 rows"


def test_labels_are_printed_by_name(digits, misplaced):
    X, y = digits
    names = [f"digit {i}" for i in range(10)]
    display = SampleGridDisplay.from_images(
        X, EIGHT, y, classes=range(10), class_names=names, random_state=0
    )
    assert display.labels == tuple(names[i] for i in y[display.rows])
    assert [t.get_text() for t in display.texts_] == list(display.labels)
    assert not misplaced(display.figure_, display.texts_)


def test_given_axes_are_used(digits):
    figure, axes = plt.subplots(1, 2)
    display = SampleGridDisplay.from_images(digits[0], EIGHT, ax=axes[1])
    assert display.ax_ is axes[1]
    assert display.figure_ is figure
    assert len(plt.get_fignums()) == 1


@pytest.mark.parametrize(
    ("X", "kind"), [(np.linspace(0, 1, 96), "floats"), (np.arange(96).astype(np.uint8), "bytes")]
)
def test_colour_pictures_are_drawn_within_range(X, kind):
    display = SampleGridDisplay.from_images(X.reshape(2, 48), ImageShape(4, 4, 3), rows=[0, 1])
    expected = X.reshape(2, 4, 4, 3) / (255 if kind == "bytes" else 1)
    for drawn, image in zip(display.images_, expected, strict=True):
        np.testing.assert_allclose(picture(drawn), image, atol=1 / 255)


@pytest.mark.parametrize("image", [None, ImageShape(3, 3)])
def test_tables_have_no_pictures(digits, image):
    with pytest.raises(DataError, match=r"image=ImageShape|needs 9 columns"):
        SampleGridDisplay.from_images(digits[0], image)
    with pytest.raises(DataError, match=r"image=ImageShape|needs 9 columns"):
        PredictionPanelDisplay.from_predictions(*digits, digits[1], image=image)


@pytest.mark.parametrize(("rows", "message"), [([400], "Row 400"), ([], "empty"), ([-1], "Row -1")])
def test_rows_must_exist(digits, rows, message):
    with pytest.raises(DataError, match=message):
        SampleGridDisplay.from_images(digits[0], EIGHT, rows=rows)


def test_the_panel_marks_mistakes_by_more_than_colour(digits, logistic):
    X, y = digits
    wrong = np.flatnonzero(logistic.predict(X) != y)[:2]
    rows = [0, int(wrong[0]), 1, int(wrong[1])]
    display = PredictionPanelDisplay.from_estimator(logistic, X, y, image=EIGHT, rows=rows)
    assert display.mistakes.tolist() == [False, True, False, True]
    assert display.rows.tolist() == rows
    assigned = logistic.predict(X[rows])
    texts = [t.get_text() for t in display.texts_]
    assert texts[0] == str(assigned[0])
    assert texts[1] == f"✗ {assigned[1]} (true {y[rows[1]]})"
    assert len(display.frames_) == 2
    left, right, bottom, top = display.images_[1].get_extent()
    frame = display.frames_[0]
    assert (frame.get_x(), frame.get_y()) == (left, top)
    assert (frame.get_width(), frame.get_height()) == pytest.approx((right - left, bottom - top))
    assert to_hex(frame.get_edgecolor(), keep_alpha=False) == WRONG.lower()
    assert display.texts_[1].get_fontweight() == "bold"
    assert display.ax_.get_title(loc="left") == "Assigned labels: 2 of these 4 rows wrong"


def test_the_label_stands_in_the_upper_left_corner(digits, logistic):
    display = PredictionPanelDisplay.from_estimator(logistic, *digits, image=EIGHT, random_state=0)
    assert len(display.images_) == 25
    for text, drawn in zip(display.texts_, display.images_, strict=True):
        left, _, _, top = drawn.get_extent()
        x, y = text.get_position()
        assert x == left
        assert y <= top
    display.figure_.draw_without_rendering()
    inverse = display.ax_.transData.inverted()
    for text, drawn in zip(display.texts_, display.images_, strict=True):
        box = text.get_window_extent()
        assert inverse.transform((box.x0, box.y0))[1] <= drawn.get_extent()[3] + 1e-6


def test_probabilities_are_printed(digits):
    X, y = digits
    share = np.linspace(0, 1, len(y))
    display = PredictionPanelDisplay.from_predictions(
        X, y, y, image=EIGHT, probability=share, rows=[399, 0]
    )
    assert [t.get_text() for t in display.texts_] == [f"{y[399]}, 100 %", f"{y[0]}, 0 %"]
    np.testing.assert_array_equal(display.probability, [1.0, 0.0])


@pytest.mark.parametrize(("k", "n_images"), [(2, 25), (100, 100)])
@pytest.mark.parametrize("shape", [ImageShape(8, 8), ImageShape(64, 24), ImageShape(10, 30, 3)])
def test_captions_never_overlap(k, n_images, shape, misplaced, long_names):
    rng = np.random.default_rng(k)
    y_true, y_pred = rng.integers(k, size=(2, n_images))
    display = PredictionPanelDisplay.from_predictions(
        rng.random((n_images, shape.n_pixels)), y_true, y_pred, image=shape, n_images=n_images,
        classes=range(k), class_names=long_names(k), probability=rng.random(n_images),
    )  # fmt: skip
    texts = [*display.texts_, display.ax_._left_title]
    assert not misplaced(display.figure_, texts)


def test_lengths_and_names_are_checked(digits):
    X, y = digits
    with pytest.raises(DataError, match="do not belong together"):
        PredictionPanelDisplay.from_predictions(X, y, y[:5], image=EIGHT)
    with pytest.raises(DataError, match="need `classes`"):
        PredictionPanelDisplay.from_predictions(X, y, y, image=EIGHT, class_names=["a"])

"""Sample grid and prediction panel."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from glassnet.data import ImageShape
from glassnet.errors import DataError
from glassnet.pictures import PredictionPanelDisplay, SampleGridDisplay
from glassnet.pictures.mosaic import Mosaic
from glassnet.pictures.theme import WRONG

EIGHT = ImageShape(8, 8)


def pixels(tiles, side):
    """Return pictures of squares of cells as pictures of pixels."""
    step = len(tiles[0]) // side
    images = np.array(tiles)[:, ::step, ::step]
    np.testing.assert_array_equal(images.repeat(step, 1).repeat(step, 2), tiles)
    return images


def test_a_sheet_holds_each_picture_at_its_corner_and_nothing_between():
    images = np.arange(5 * 30 * 20.0).reshape(5, 30, 20)
    mosaic = Mosaic(images, n_columns=3, caption=0.21)
    assert (mosaic.grain, mosaic.size, mosaic.gap, mosaic.room) == (1, (30, 20), 2, 7)
    corners = [mosaic.corner(i) for i in range(5)]
    assert corners == [(0, 7), (22, 7), (44, 7), (0, 46), (22, 46)]
    expected = np.full((2 * 37 + 2, 3 * 20 + 2 * 2), np.nan)
    for (x, y), image in zip(corners, images, strict=True):
        expected[y : y + 30, x : x + 20] = image
    assert mosaic.extent == expected.shape
    np.testing.assert_array_equal(mosaic.sheet(), expected)


def test_a_sheet_of_colours_is_transparent_between_them():
    images = np.linspace(0, 1, 2 * 12 * 24 * 3).reshape(2, 12, 24, 3)
    sheet = Mosaic(images, n_columns=1).sheet()
    assert (sheet.dtype, sheet.shape) == (np.uint8, (26, 24, 4))
    np.testing.assert_array_equal(sheet[:12, :, :3], np.rint(255 * images[0]))
    np.testing.assert_array_equal(sheet[14:, :, :3], np.rint(255 * images[1]))
    assert (sheet[:12, :, 3] == 255).all()
    assert (sheet[14:, :, 3] == 255).all()
    assert (sheet[12:14] == 0).all()


@pytest.mark.parametrize(("side", "grain", "gap"), [(1, 24, 2), (8, 3, 2), (23, 2, 4), (64, 1, 5)])
def test_pixels_of_small_pictures_are_several_cells(side, grain, gap):
    images = np.random.default_rng(0).integers(256, size=(2, side, side)).astype(np.uint8)
    mosaic = Mosaic(images, n_columns=2)
    assert (mosaic.grain, mosaic.gap) == (grain, gap)
    sheet = mosaic.sheet()
    np.testing.assert_array_equal(
        sheet, np.hstack([np.kron(images[0], np.ones((grain, grain))),
                          np.full((grain * side, gap), np.nan),
                          np.kron(images[1], np.ones((grain, grain)))])
    )  # fmt: skip


def test_the_grid_is_a_hundred_rows_upright_and_sharp(digits, tiles):
    X, _ = digits
    display = SampleGridDisplay.from_images(X, EIGHT, random_state=3)
    assert display.images.shape == (100, 8, 8)
    assert len(set(display.rows)) == 100
    drawn = display.image_
    shown = tiles(drawn)
    assert list(shown) == [(26 * x, 26 * y) for y in range(10) for x in range(10)]
    np.testing.assert_array_equal(pixels([*shown.values()], 8), X[display.rows].reshape(100, 8, 8))
    assert drawn.get_array().shape == (258, 258)
    assert drawn.get_extent() == [0, 258, 258, 0]
    assert (drawn.origin, display.ax_.yaxis_inverted()) == ("upper", True)
    assert drawn.get_interpolation() == "nearest"
    assert drawn.get_cmap().name == "gray"
    assert drawn.get_clim() == (display.images.min(), display.images.max())
    assert list(display.ax_.images) == [drawn]
    assert not display.ax_.axison
    assert display.ax_.get_title(loc="left") == "100 of 400 rows"


def test_the_pixel_order_of_the_data_is_used():
    X = np.arange(12.0).reshape(2, 6)
    display = SampleGridDisplay.from_images(X, ImageShape(2, 3, pixel_order="F"), rows=[1])
    np.testing.assert_array_equal(
        display.image_.get_array(), np.kron([[6, 8, 10], [7, 9, 11]], np.ones((8, 8)))
    )


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
def test_colour_pictures_are_drawn_within_range(X, kind, tiles):
    display = SampleGridDisplay.from_images(X.reshape(2, 48), ImageShape(4, 4, 3), rows=[0, 1])
    expected = X.reshape(2, 4, 4, 3) / (255 if kind == "bytes" else 1)
    shown = pixels([*tiles(display.image_).values()], 4)
    np.testing.assert_array_equal(shown[..., :3], np.rint(255 * expected))
    assert (shown[..., 3] == 255).all()


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


def test_the_panel_marks_mistakes_by_more_than_colour(digits, logistic, tiles):
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
    frame = display.frames_[0]
    shown = tiles(display.image_)
    np.testing.assert_array_equal(pixels([*shown.values()], 8), X[rows].reshape(4, 8, 8))
    assert frame.get_xy() == list(shown)[1]
    assert (frame.get_width(), frame.get_height()) == (24, 24)
    assert to_hex(frame.get_edgecolor(), keep_alpha=False) == WRONG.lower()
    assert display.texts_[1].get_fontweight() == "bold"
    assert display.ax_.get_title(loc="left") == "Assigned labels: 2 of these 4 rows wrong"


def test_the_label_stands_in_the_upper_left_corner(digits, logistic, tiles):
    display = PredictionPanelDisplay.from_estimator(logistic, *digits, image=EIGHT, random_state=0)
    corners = list(tiles(display.image_))
    assert len(corners) == 25
    for text, (left, top) in zip(display.texts_, corners, strict=True):
        x, y = text.get_position()
        assert x == left
        assert y <= top
    display.figure_.draw_without_rendering()
    inverse = display.ax_.transData.inverted()
    for text, (left, top) in zip(display.texts_, corners, strict=True):
        (x0, y0), (x1, y1) = inverse.transform(text.get_window_extent().get_points())
        assert top - corners[0][1] <= y1 < y0 <= top + 1e-6  # y grows downwards
        assert left <= x0 < x1 <= left + 24


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

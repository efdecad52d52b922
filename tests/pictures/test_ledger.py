"""The ledger's picture."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from glassnet import MLPClassifier
from glassnet.data import ImageShape
from glassnet.errors import DataError
from glassnet.pictures import LedgerDisplay
from glassnet.pictures.ledger import COLOURS

# Rows: kept, forgotten, never learned, kept aside.
LOSSES = np.array(
    [[2.0, 1.0, 3.0, np.nan], [0.5, 2.0, 3.0, np.nan], [0.3, 0.3, 3.5, np.nan]], dtype=np.float32
)
RIGHT = np.array([[0, 1, 0, 0], [1, 0, 0, 0], [1, 1, 0, 0]], dtype=bool)


def marks(display):
    return [
        (float(line.get_ydata()[0]), to_hex(line.get_color()))
        for line in display.axes_[1].lines
        if line.get_marker() == "s"
    ]


def test_the_hardest_rows_are_drawn_with_their_losses():
    display = LedgerDisplay.from_ledger(LOSSES, RIGHT, y=["a", "b", "c", "d"], n_rows=2)
    assert [one.row for one in display.shown] == [2, 1]
    np.testing.assert_allclose(display.heat, [[3.0, 3.0, 3.5], [1.0, 2.0, 0.3]], rtol=1e-6)
    np.testing.assert_array_equal(display.image_.get_array(), display.heat)
    curves, rows = display.axes_
    assert [label.get_text() for label in rows.get_yticklabels()] == ["2  c", "1  b"]
    assert rows.get_title(loc="left") == "The 2 hardest of 3 rows"
    assert marks(display) == [
        (0, COLOURS["never learned"].lower()),
        (1, COLOURS["forgotten"].lower()),
    ]
    legend = [text.get_text() for text in curves.get_legend().get_texts()]
    assert legend == [
        "learned and kept: 1 row", "learned and lost again: 1 row", "never learned: 1 row",
    ]  # fmt: skip
    np.testing.assert_allclose(display.lines_[1].get_ydata(), [1.0, 2.0, 0.3], rtol=1e-6)
    np.testing.assert_array_equal(display.lines_[0].get_xdata(), [1, 2, 3])


def test_the_band_is_from_the_first_to_the_ninth_decile():
    losses = np.tile(np.arange(1.0, 12.0), (2, 1))
    display = LedgerDisplay.from_ledger(losses)
    np.testing.assert_allclose(display.curves["all rows"], [[2, 2], [6, 6], [10, 10]])
    assert display.axes_[1].get_title(loc="left") == "All 11 rows"
    assert marks(display) == []
    band = display.axes_[0].collections[0].get_paths()[0].vertices
    assert (band[:, 1].min(), band[:, 1].max()) == (2, 10)


@pytest.mark.parametrize(("lowest", "scale"), [(0.5, "linear"), (0.01, "log"), (0.0, "linear")])
def test_the_loss_axis_is_logarithmic_where_it_helps(lowest, scale):
    display = LedgerDisplay.from_ledger([[2.0, 1.0], [1.0, lowest], [lowest, lowest]])
    assert display.axes_[0].get_yscale() == scale


def test_pictures_stand_upright_in_the_order_of_the_rows(tiles):
    X = np.arange(24.0).reshape(4, 6)
    shape = ImageShape(2, 3, pixel_order="F")
    display = LedgerDisplay.from_ledger(LOSSES, RIGHT, X=X, y=list("abcd"), image=shape)
    (first, second, third) = (
        cells for _, cells in sorted(tiles(display.axes_[2].images[0]).items())
    )
    grain = first.shape[1] // 3
    np.testing.assert_array_equal(first[::grain, ::grain], shape.to_images(X[2]))
    np.testing.assert_array_equal(second[::grain, ::grain], shape.to_images(X[1]))
    np.testing.assert_array_equal(third[::grain, ::grain], shape.to_images(X[0]))
    captions = [text.get_text() for text in display.axes_[2].texts]
    assert captions == ["2: c\nnever right", "1: b\nlost 1×", "0: a\nsince 2"]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_net_shows_its_ledger(digits, misplaced, tick_labels):
    X, y = digits
    net = MLPClassifier((20,), max_iter=30, random_state=0, record_examples=True).fit(X / 16, y)
    names = [f"a digit, namely {i}" for i in range(10)]
    display = LedgerDisplay.from_estimator(
        net, X=X, y=y, image=ImageShape(8, 8), classes=range(10), class_names=names, n_rows=30
    )
    hardest = net.examples_.losses.mean(axis=0, dtype=np.float64).argsort()[::-1][:30]
    assert [one.row for one in display.shown] == hardest.tolist()
    figure, (curves, rows, _) = display.figure_, display.axes_
    figure.draw_without_rendering()
    texts = [*rows.get_yticklabels(), *tick_labels(curves.yaxis)]
    texts += [rows._left_title, curves._left_title, rows.xaxis.label, curves.xaxis.label]
    assert misplaced(figure, texts) == []
    again = display.plot(figure)
    assert again.figure_ is figure
    assert len(again.axes_) == 3


def test_one_epoch_and_one_row_are_drawn(misplaced):
    display = LedgerDisplay.from_ledger([[0.5]], [[True]])
    assert display.lines_[0].get_marker() == "o"
    assert misplaced(display.figure_, display.axes_[1].get_yticklabels()) == []
    plt.close(display.figure_)


def test_what_is_missing_is_told():
    with pytest.raises(DataError, match="fit it with record_examples=True"):
        LedgerDisplay.from_estimator(MLPClassifier())
    with pytest.raises(DataError, match="At least one row"):
        LedgerDisplay.from_ledger(LOSSES, n_rows=0)
    histories = LedgerDisplay.from_ledger(LOSSES).histories
    with pytest.raises(DataError, match="1 pictures were given for 3 rows"):
        LedgerDisplay(histories=histories, losses=LOSSES, images=np.zeros((1, 2, 2)))

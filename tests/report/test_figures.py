from __future__ import annotations

import base64
import io
import re
import xml.etree.ElementTree as ET
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from glassnet.report import draw_figure, figure_block, figure_to_png, figure_to_svg, figures

TEXTS = {"title": "Loss", "alt": "A falling curve", "caption": "The loss.", "conclusion": "Good."}


def draw(width: float = 4.0, image: bool = False, layout: Any = None) -> Figure:
    figure = Figure(figsize=(width, 3.0), layout=layout)
    axes = figure.subplots()
    axes.plot([0, 1, 2], [3, 2, 1], marker="o")
    axes.set_xlabel("epoch")
    if image:
        axes.imshow(np.arange(400.0).reshape(20, 20))
    return figure


def test_the_same_figure_gives_the_same_bytes():
    assert figure_to_svg(draw(image=True)) == figure_to_svg(draw(image=True))
    assert figure_to_png(draw(image=True)) == figure_to_png(draw(image=True))
    assert figure_to_svg(draw()) != figure_to_svg(draw(5.0))


def test_svg_is_whole_undated_and_has_its_text_as_outlines():
    svg = figure_to_svg(draw(image=True))
    assert ET.fromstring(svg).get("viewBox") == "0 0 288 216"  # 4 x 3 inches of 72 points
    assert not re.search(rb"\d{4}-\d\d-\d\d|Matplotlib v|<text", svg)
    assert b"data:image/png;base64," in svg


def test_png_has_the_density_asked_for_and_no_software_version():
    with Image.open(io.BytesIO(figure_to_png(draw(), dpi=50))) as image:
        assert image.size == (200, 150)
        assert "Software" not in image.info
    with Image.open(io.BytesIO(figure_to_png(draw()))) as image:
        assert image.size == (768, 576)


def test_drawing_leaves_figure_and_settings_alone():
    figure = draw()
    before = (figure.dpi, mpl.rcParams["svg.hashsalt"], mpl.rcParams["svg.fonttype"])
    with mpl.rc_context({"svg.fonttype": "none"}):
        assert b"<text" not in figure_to_svg(figure)
        assert mpl.rcParams["svg.fonttype"] == "none"
    figure_to_png(figure)
    assert (figure.dpi, mpl.rcParams["svg.hashsalt"], mpl.rcParams["svg.fonttype"]) == before


def drawn_pictures(svg: bytes) -> list[Image.Image]:
    found = re.findall(rb"data:image/png;base64,\s*([^\"]+)", svg)
    return [Image.open(io.BytesIO(base64.b64decode(each))) for each in found]


@pytest.mark.parametrize("layout", [None, "none", "constrained", "tight"])
@pytest.mark.parametrize("always", ["figure.autolayout", "figure.constrained_layout.use"])
def test_a_figure_is_laid_out_once_and_keeps_its_engine(layout, always, monkeypatch):
    figure = draw(layout=layout)
    engine = figure.get_layout_engine()
    calls = []
    if engine is not None:
        execute = engine.execute
        monkeypatch.setattr(engine, "execute", lambda fig: (calls.append(fig.dpi), execute(fig)))
    with mpl.rc_context({always: True}):
        drawn = draw_figure(figure)
    assert figure.get_layout_engine() is engine
    assert (figure.dpi, calls) == (100, [] if engine is None else [192])
    assert drawn.svg == figure_to_svg(draw(layout=layout))
    assert drawn.png == figure_to_png(draw(layout=layout))


def test_a_layout_makes_room_for_the_labels_in_both_formats():
    figure = draw(layout="constrained")
    figure.axes[0].set_ylabel("two\nlines", fontsize=40)
    drawn = draw_figure(figure)
    left = figure.axes[0].get_position().x0
    assert left > 0.4  # of 4 inches; without a layout it is 0.125
    outline = np.asarray(Image.open(io.BytesIO(drawn.png)).convert("L"))[60:400, :] < 128
    assert outline.all(axis=0).argmax() == pytest.approx(768 * left, abs=2)  # the left spine
    upright = [float(x) for x in re.findall(rb'd="M ([\d.]+) [\d.]+ \nL \1 ', drawn.svg)]
    assert min(abs(x - 288 * left) for x in upright) < 0.5


def test_an_engine_comes_back_after_an_error(monkeypatch):
    figure = draw(layout="constrained")
    engine = figure.get_layout_engine()
    monkeypatch.setattr(figure, "savefig", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        draw_figure(figure)
    assert figure.get_layout_engine() is engine


def test_svg_holds_an_images_own_pixels_where_paper_has_more():
    values = np.arange(400.0).reshape(20, 20)
    for interpolation, pixels in {"nearest": (20, 20), "bilinear": (444, 444)}.items():
        figure = draw()
        image = figure.axes[0].imshow(values, interpolation=interpolation, cmap="gray")
        (drawn,) = drawn_pictures(figure_to_svg(figure))
        assert drawn.size == pytest.approx(pixels, abs=2)
        assert image.get_interpolation() == interpolation
        if interpolation == "nearest":
            np.testing.assert_array_equal(np.asarray(drawn), image.to_rgba(values, bytes=True))
    figure = draw()
    figure.axes[0].imshow(np.zeros((2000, 2000)), interpolation="nearest")
    (drawn,) = drawn_pictures(figure_to_svg(figure))
    assert drawn.size == pytest.approx((444, 444), abs=2)


def test_a_block_has_the_width_of_its_figure():
    block = figure_block(draw_figure(draw(10.0)), **TEXTS)
    assert (block.mime, block.width, block.min_width) == ("image/svg+xml", 960, 528)
    assert block.content == figure_to_svg(draw(10.0))
    assert figure_block(draw_figure(draw()), fit=True, **TEXTS).min_width == 0
    assert {name: getattr(block, name) for name in TEXTS} == TEXTS


def test_a_heavy_svg_becomes_a_png(monkeypatch):
    monkeypatch.setattr(figures, "_SVG_LIMIT", 1000)
    block = figure_block(draw_figure(draw()), **TEXTS)
    assert (block.mime, block.width) == ("image/png", 384)
    assert block.content == figure_to_png(draw())

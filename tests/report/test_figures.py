from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from glassnet.report import draw_figure, figure_block, figure_to_png, figure_to_svg, figures

TEXTS = {"title": "Loss", "alt": "A falling curve", "caption": "The loss.", "conclusion": "Good."}


def draw(width: float = 4.0, image: bool = False) -> Figure:
    figure = Figure(figsize=(width, 3.0))
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

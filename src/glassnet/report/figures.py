"""Matplotlib figures as bytes: the same figure gives the same bytes, on any day.

SVG is drawn with its text as outlines, because a reader's machine may lack the font that the
layout was measured with. Images inside a figure are embedded as PNG: sharp ones as they are, others
at twice the screen's density.
"""

from __future__ import annotations

__all__ = ["DrawnFigure", "draw_figure", "figure_block", "figure_to_png", "figure_to_svg"]

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from glassnet.report.blocks import FigureBlock

_CSS_PIXELS_PER_INCH = 96
_DPI = 2 * _CSS_PIXELS_PER_INCH
_PACKED = {"compress_type": zlib.Z_RLE}  # a quarter larger than usual, in two thirds of the time
_SVG_LIMIT = 400_000  # bytes; a page of twenty figures stays below what mail lets through
_SMALLEST_SCALE = 0.55  # labels of 10 pt are then some 7 CSS pixels high, the least one can read


def figure_to_svg(figure: Figure) -> bytes:
    """Draw a figure as SVG.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, left as it is.

    Returns
    -------
    bytes
        A whole SVG file in UTF-8 without date or versions. Two files may share ids: show them as
        images, as the report does.
    """
    with _laid_out(figure, _DPI):
        return _svg(figure)


def figure_to_png(figure: Figure, dpi: float = _DPI) -> bytes:
    """Draw a figure as PNG.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, left as it is.
    dpi : float, default=192
        Pixels an inch; the default is twice a screen's density.

    Returns
    -------
    bytes
        A whole PNG file without versions.
    """
    with _laid_out(figure, dpi):
        return _png(figure, dpi)


@dataclass(frozen=True)
class DrawnFigure:
    """A figure in both formats, drawn once.

    Attributes
    ----------
    svg, png : bytes
        The whole files.
    width : int
        Its width in CSS pixels (96 an inch).
    """

    svg: bytes
    png: bytes
    width: int


def draw_figure(figure: Figure) -> DrawnFigure:
    """Draw a figure as SVG and as PNG; the figure is left as it is."""
    width = round(figure.get_figwidth() * _CSS_PIXELS_PER_INCH)
    with _laid_out(figure, _DPI):
        return DrawnFigure(_svg(figure), _png(figure, _DPI), width)


@contextmanager
def _laid_out(figure: Figure, dpi: float) -> Iterator[None]:
    """Lay the figure out once, and keep its layout engine from doing so at every save.

    With an engine, matplotlib lays out twice a save and draws all twice, to no other result.
    """
    engine, before = figure.get_layout_engine(), figure.dpi
    # In the settings of a user who always wants an engine, None would mean that one.
    with mpl.rc_context({"figure.autolayout": False, "figure.constrained_layout.use": False}):
        try:
            if engine is not None:
                # Text is hinted to whole pixels: at the density of the files its sizes are theirs.
                figure.dpi = dpi
                engine.execute(figure)
                figure.dpi = before
                figure.set_layout_engine(None)
            yield
        finally:
            figure.dpi = before
            figure.set_layout_engine(engine)


def _svg(figure: Figure) -> bytes:
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    drawn = mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "glassnet"})
    with drawn, _own_pixels(figure), io.BytesIO() as stream:
        figure.savefig(stream, format="svg", dpi=_DPI, metadata=nothing)
        return stream.getvalue()


@contextmanager
def _own_pixels(figure: Figure) -> Iterator[None]:
    """Have sharp images embedded as they are, for the reader's machine to enlarge.

    matplotlib asks viewers for `image-rendering: pixelated` then; files are smaller and sharp at
    any size. Images with more pixels than the paper shows are resampled to the paper's as ever.
    """
    sharp = [
        image
        for ax in figure.axes  # findobj would make every tick that is not drawn
        for image in ax.images
        if type(image) is AxesImage  # of its subclasses some know no other interpolation
        and image.get_interpolation() == "nearest"
        and _is_enlarged(image)
    ]
    try:
        for image in sharp:
            image.set_interpolation("none")
        yield
    finally:
        for image in sharp:
            image.set_interpolation("nearest")


def _is_enlarged(image: AxesImage) -> bool:
    height, width = image.get_size()
    paper = image.get_window_extent().bounds[2:]
    scale = _DPI / image.figure.dpi
    return width <= scale * paper[0] and height <= scale * paper[1]


def _png(figure: Figure, dpi: float) -> bytes:
    with io.BytesIO() as stream:
        figure.savefig(
            stream, format="png", dpi=dpi, metadata={"Software": None}, pil_kwargs=_PACKED
        )
        return stream.getvalue()


def figure_block(
    drawn: DrawnFigure,
    *,
    title: str,
    alt: str,
    caption: str,
    conclusion: str = "",
    fit: bool = False,
) -> FigureBlock:
    """Make a block of the report from a figure: SVG, or PNG where SVG would be too large.

    Parameters
    ----------
    drawn : DrawnFigure
        The figure, from `draw_figure`.
    title, alt, caption, conclusion : str
        As in `FigureBlock`.
    fit : bool, default=False
        Whether the picture may shrink to any screen, for pictures without small labels. By default
        it scrolls sideways in its box rather than shrink below 55 % of its size.

    Returns
    -------
    FigureBlock
        The block, with the width the figure has in inches.
    """
    is_svg = len(drawn.svg) <= _SVG_LIMIT
    return FigureBlock(
        title=title,
        content=drawn.svg if is_svg else drawn.png,
        alt=alt,
        caption=caption,
        conclusion=conclusion,
        mime="image/svg+xml" if is_svg else "image/png",
        width=drawn.width,
        min_width=0 if fit else round(_SMALLEST_SCALE * drawn.width),
    )

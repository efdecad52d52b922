"""One look for all pictures: colours that colour-blind readers tell apart, sizes, labels."""

from __future__ import annotations

__all__ = [
    "CLASSES",
    "DIVERGING",
    "HOLDOUT",
    "INK",
    "MUTED",
    "OKABE_ITO",
    "SEQUENTIAL",
    "TITLE_CHARACTER",
    "TRAIN",
    "WRONG",
    "class_colour",
    "colours",
    "least_width",
    "new_axes",
    "new_figure",
    "plain_text",
    "sheet_title",
    "style",
]

from contextlib import AbstractContextManager
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb
from matplotlib.figure import Figure

# M. Okabe, K. Ito (2008), Color universal design; the dark ones first, black and yellow last.
OKABE_ITO = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#000000",
    "#F0E442",
)
TRAIN, HOLDOUT = OKABE_ITO[0], OKABE_ITO[1]
WRONG = OKABE_ITO[1]
INK, MUTED = "#222222", "#8a8a8a"
# P. Tol (2021), Colour schemes, the one called muted, and a violet. None is one of the colours
# above: those say what a mark is (held out, wrong, against), these of which class it is.
CLASSES = (
    "#332288",
    "#CC6677",
    "#88CCEE",
    "#117733",
    "#DDCC77",
    "#882255",
    "#999933",
    "#8214E0",
    "#44AA99",
    "#AA4499",
)
SHADE = 0.6  # of the way to white or black at most, beyond the tenth class
GOLDEN = (np.sqrt(5) - 1) / 2
TITLE_CHARACTER = 0.112  # inches of a bold one of 12 points, on average

# Blue and vermilion are told apart by every kind of colour vision; both end equally dark.
DIVERGING = LinearSegmentedColormap.from_list(
    "glassnet_diverging", ["#00324f", "#0072B2", "#f4f4f4", "#D55E00", "#5c2800"]
)
SEQUENTIAL = LinearSegmentedColormap.from_list(
    "glassnet_sequential", ["#ffffff", "#fbd3b4", "#e98a3f", "#b34a00", "#5c2800"]
)

_STYLE: dict[Any, Any] = {
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "font.size": 10.0,
    "axes.titlesize": 12.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 10.0,
    "axes.labelsize": 10.0,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": False,
    "grid.color": "#e3e3e3",
    "grid.linewidth": 0.8,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 9.0,
    "ytick.labelsize": 9.0,
    "legend.fontsize": 9.0,
    "legend.frameon": False,
    "text.color": INK,
    "lines.linewidth": 1.8,
    "image.interpolation": "nearest",
    # Between panels, and around the whole: a third of a line of text more than is usual.
    "figure.constrained_layout.w_pad": 0.07,
    "figure.constrained_layout.h_pad": 0.06,
    "figure.constrained_layout.wspace": 0.03,
}


def style() -> AbstractContextManager[None]:
    """Return the context in which every picture is drawn; the caller's settings come back after.

    Examples
    --------
    >>> import matplotlib as mpl
    >>> before = mpl.rcParams["axes.titleweight"]
    >>> with style():
    ...     mpl.rcParams["axes.titleweight"]
    'bold'
    >>> mpl.rcParams["axes.titleweight"] == before
    True
    """
    return mpl.rc_context(_STYLE)


def class_colour(i: int) -> str:
    """Return the colour of class ``i`` (from 0), the same in every picture, of however many.

    The first ten are told apart by every kind of colour vision. Later ones are lighter and darker
    shades of these: nobody tells 100 colours apart, so each mark must have its class's name too.

    Examples
    --------
    >>> class_colour(0), class_colour(1)
    ('#332288', '#cc6677')
    """
    shade, hue = divmod(i, len(CLASSES))
    end, weight = float(shade % 2), SHADE * (shade * GOLDEN % 1)
    red, green, blue = ((1 - weight) * value + weight * end for value in to_rgb(CLASSES[hue]))
    return to_hex((red, green, blue))


def colours(n: int) -> tuple[str, ...]:
    """Return a colour for each of ``n`` things; the i-th is the same for every n up to 8.

    Up to eight are Okabe and Ito's. Beyond, they are steps along cividis in an order that keeps
    neighbours far apart: nobody tells 100 colours apart, so a picture must mark them otherwise too.

    Examples
    --------
    >>> colours(2)
    ('#0072B2', '#D55E00')
    >>> len(set(colours(100)))
    100
    """
    if n <= len(OKABE_ITO):
        return OKABE_ITO[:n]
    cividis = mpl.colormaps["cividis"]
    # Steps of the golden ratio fill [0, 1) evenly and set each point far from the one before.
    places = np.arange(n) * GOLDEN % 1
    ranks = np.argsort(np.argsort(places)) / (n - 1)
    return tuple(to_hex(cividis(rank)) for rank in ranks)


def new_axes(ax: Axes | None, width: float, height: float) -> tuple[Figure, Axes]:
    """Return the given axes with their figure, or new ones of a size in inches."""
    if ax is not None:
        figure = ax.get_figure(root=True)
        assert figure is not None
        return figure, ax
    return plt.subplots(figsize=(width, height), layout="constrained")


def new_figure(figure: Figure | None, width: float, height: float) -> Figure:
    """Return the given figure, emptied, or a new one of a size in inches."""
    if figure is None:
        return plt.figure(figsize=(width, height), layout="constrained")
    figure.clear()
    return figure


def sheet_title(figure: Figure, text: str) -> None:
    """Write what a figure of several panels shows above them, at its left edge."""
    figure.suptitle(text, x=0.01, ha="left", fontsize=12, fontweight="bold")


def least_width(text: str) -> float:
    """Return the inches that a title of `sheet_title` needs."""
    return TITLE_CHARACTER * len(text) + 0.2


def plain_text(name: str, limit: int = 40) -> str:
    r"""Return a name that matplotlib prints as it is: one line, no mathematics, cut to a length.

    A long name loses its middle, since names that begin alike often differ at their end.

    Examples
    --------
    >>> plain_text("cleaners, shift 12", 12)
    'cleaner…t 12'
    >>> print(plain_text("$50K to $90K"))
    \$50K to \$90K
    """
    line = " ".join(str(name).split())
    if len(line) > limit:
        tail = (limit - 1) * 2 // 5
        head = limit - 1 - tail
        line = f"{line[:head]}…{line[len(line) - tail :]}"
    return line.replace("$", r"\$")

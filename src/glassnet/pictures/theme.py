"""One look for all pictures: colours that colour-blind readers tell apart, sizes, labels."""

from __future__ import annotations

__all__ = [
    "DIVERGING",
    "HOLDOUT",
    "INK",
    "MUTED",
    "OKABE_ITO",
    "SEQUENTIAL",
    "TRAIN",
    "WRONG",
    "colours",
    "new_axes",
    "new_figure",
    "plain_text",
    "style",
]

from contextlib import AbstractContextManager
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
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
    places = np.arange(n) * (np.sqrt(5) - 1) / 2 % 1
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

"""What a page is made of: frozen values, checked when they are made, that know nothing of HTML.

Sentences (`lead`, `text`, `caption`, `conclusion`, `note`, `items`, `footer`) may use the inline
mark-up of `glassnet.report.markup`: ``**bold**`` and backticks for code. Titles, labels and table
cells are plain text. Whatever the text holds, it is shown as text, never run as HTML.
"""

from __future__ import annotations

__all__ = [
    "Alignment",
    "Block",
    "Bullets",
    "Code",
    "Details",
    "FigureBlock",
    "KeyFigure",
    "Note",
    "Page",
    "Paragraph",
    "Section",
    "Table",
]

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from glassnet.report.charts import IntervalTable, LineChart, ReliabilityChart
    from glassnet.report.explorers import ConfusionExplorer, ExampleTable
    from glassnet.report.units import UnitExplorer
    from glassnet.report.walk import ExampleWalk

Alignment: TypeAlias = Literal["left", "center", "right"]

_ANCHOR = re.compile(r"[a-z][a-z0-9-]*")
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_NUMBER = re.compile(r"[-+−±<>≤≥≈]?\s?\d([^A-Za-z]|[eE][-+−]?\d)*|[-–—]?")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text, with inline mark-up."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list of short sentences, with inline mark-up."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class FigureBlock:
    """A picture with what it shows and what to conclude from it.

    Parameters
    ----------
    title : str
        The heading above the picture.
    content : bytes
        The picture itself, SVG (UTF-8) or PNG; `glassnet.report.figure_block` makes it from a
        matplotlib figure. SVG is shown as an image, so nothing inside it can run or clash.
    alt : str
        What the picture says, for those who cannot see it.
    caption : str
        A sentence on what it shows.
    conclusion : str, default=""
        A sentence on what to conclude.
    mime : {"image/svg+xml", "image/png"}, default="image/svg+xml"
        The kind of `content`.
    width : int, default=0
        The width to draw the picture at, in CSS pixels (96 an inch); 0 leaves it to the picture.
    min_width : int, default=0
        On a narrow screen the picture shrinks to the screen, but not below this width, in CSS
        pixels; then it scrolls sideways in its own box, so that its labels stay readable.

    Raises
    ------
    ValueError
        If `content` is not of kind `mime`, or `alt` is empty.
    """

    title: str
    content: bytes
    alt: str
    caption: str
    conclusion: str = ""
    mime: Literal["image/svg+xml", "image/png"] = "image/svg+xml"
    width: int = 0
    min_width: int = 0

    def __post_init__(self) -> None:
        is_png = self.content.startswith(_PNG_SIGNATURE)
        is_svg = not is_png and b"<svg" in self.content
        if {"image/png": is_png, "image/svg+xml": is_svg}.get(self.mime) is not True:
            raise ValueError(f"The content of the figure {self.title!r} is not {self.mime}.")
        if not self.alt.strip():
            raise ValueError(f"The figure {self.title!r} needs an alt text.")


@dataclass(frozen=True)
class Table:
    """A table of plain text cells; the first column names the rows.

    Parameters
    ----------
    header : tuple of str
        The name of each column.
    rows : tuple of tuple of str
        The cells, each row as long as `header`.
    caption : str, default=""
        What the table shows, with inline mark-up.
    alignments : tuple of {"left", "center", "right"} or None, default=None
        One for each column; by default columns of numbers stand right, all others left.
    highlight : tuple of int or of (int, int), default=()
        Rows, or cells as (row, column), to stress; counted from 0.

    Raises
    ------
    ValueError
        If lengths differ or a highlight points outside the table.

    Examples
    --------
    >>> Table(("class", "rate"), (("0", "99.0 %"), ("1", "97.6 %"))).columns
    ('left', 'right')
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    alignments: tuple[Alignment, ...] | None = None
    highlight: tuple[int | tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        wrong = [row for row in self.rows if len(row) != len(self.header)]
        if wrong:
            raise ValueError(f"The row {wrong[0]!r} does not have {len(self.header)} cells.")
        if self.alignments is not None and len(self.alignments) != len(self.header):
            raise ValueError(f"{len(self.header)} columns need as many alignments.")
        for mark in self.highlight:
            row, column = mark if isinstance(mark, tuple) else (mark, 0)
            if not (0 <= row < len(self.rows) and 0 <= column < len(self.header)):
                raise ValueError(f"The highlight {mark!r} lies outside the table.")

    @property
    def columns(self) -> tuple[Alignment, ...]:
        """The alignment of each column; the first one, which names the rows, stands left."""
        if self.alignments is not None:
            return self.alignments
        numeric = [
            bool(self.rows) and all(_NUMBER.fullmatch(row[i].strip()) for row in self.rows)
            for i in range(len(self.header))
        ]
        return tuple("right" if i and numeric[i] else "left" for i in range(len(numeric)))

    def stressed(self, row: int, column: int) -> bool:
        """Say whether a cell, or the row it stands in, is highlighted."""
        return row in self.highlight or (row, column) in self.highlight


@dataclass(frozen=True)
class Note:
    """A remark that stands out: good news, a warning or a piece of information."""

    kind: Literal["good", "warning", "info"]
    text: str

    def __post_init__(self) -> None:
        if self.kind not in ("good", "warning", "info"):
            raise ValueError(f"A note is 'good', 'warning' or 'info', not {self.kind!r}.")


@dataclass(frozen=True)
class Code:
    """Lines of code or of a terminal, shown as they are."""

    text: str


@dataclass(frozen=True)
class Details:
    """Blocks that are folded away under a line to click; print shows them unfolded."""

    summary: str
    blocks: tuple[Block, ...]


Block: TypeAlias = (
    "Paragraph | Bullets | FigureBlock | Table | Note | Code | Details"
    " | IntervalTable | LineChart | ReliabilityChart"
    " | ConfusionExplorer | ExampleTable | UnitExplorer | ExampleWalk"
)


@dataclass(frozen=True)
class KeyFigure:
    """A number that matters, in large type: what it is, its value, and a note of a few words."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A titled part of the page, which the table of contents links to as ``#anchor``.

    Raises
    ------
    ValueError
        If `anchor` is not made of small letters, digits and hyphens, a letter first.
    """

    title: str
    anchor: str
    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        if not _ANCHOR.fullmatch(self.anchor):
            raise ValueError(
                f"The anchor {self.anchor!r} must be small letters, digits and hyphens, "
                "a letter first."
            )


@dataclass(frozen=True)
class Page:
    """One page, from its title to its footer.

    Parameters
    ----------
    title, subtitle : str
        The heading and the line below it.
    lead : tuple of str
        The findings, in a few sentences, most important first.
    key_figures : tuple of KeyFigure, default=()
        The numbers that matter.
    sections : tuple of Section, default=()
        The parts, in reading order.
    footer : str, default=""
        A last line, say how and when the page was made.
    lang : str, default="en"
        The language of the text, as a BCP 47 tag.

    Raises
    ------
    ValueError
        If two sections have the same anchor.
    """

    title: str
    subtitle: str = ""
    lead: tuple[str, ...] = ()
    key_figures: tuple[KeyFigure, ...] = ()
    sections: tuple[Section, ...] = ()
    footer: str = ""
    lang: str = "en"

    def __post_init__(self) -> None:
        counts = Counter(section.anchor for section in self.sections)
        twice = [anchor for anchor, count in counts.items() if count > 1]
        if twice:
            raise ValueError(f"More than one section has the anchor {twice[0]!r}.")

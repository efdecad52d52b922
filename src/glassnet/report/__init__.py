"""F6: one self-contained HTML page out of paragraphs, figures, tables and notes.

The page is composed of frozen values and rendered in one call; nothing here knows what it is about.
"""

from __future__ import annotations

from glassnet.report.blocks import (
    Alignment,
    Block,
    Bullets,
    Code,
    Details,
    FigureBlock,
    KeyFigure,
    Note,
    Page,
    Paragraph,
    Section,
    Table,
)
from glassnet.report.charts import (
    Interval,
    IntervalTable,
    Line,
    LineChart,
    Reliability,
    ReliabilityChart,
)
from glassnet.report.examples import ExampleColumn, Examples, Predictions
from glassnet.report.explorers import ConfusionExplorer, ExampleTable, TableColumn
from glassnet.report.figures import (
    DrawnFigure,
    draw_figure,
    figure_block,
    figure_to_png,
    figure_to_svg,
)
from glassnet.report.markup import inline_markup, literal
from glassnet.report.render import render_page, write_page
from glassnet.report.units import UnitExplorer, UnitView
from glassnet.report.walk import ExampleWalk, Spoken

__all__ = [
    "Alignment",
    "Block",
    "Bullets",
    "Code",
    "ConfusionExplorer",
    "Details",
    "DrawnFigure",
    "ExampleColumn",
    "ExampleTable",
    "ExampleWalk",
    "Examples",
    "FigureBlock",
    "Interval",
    "IntervalTable",
    "KeyFigure",
    "Line",
    "LineChart",
    "Note",
    "Page",
    "Paragraph",
    "Predictions",
    "Reliability",
    "ReliabilityChart",
    "Section",
    "Spoken",
    "Table",
    "TableColumn",
    "UnitExplorer",
    "UnitView",
    "draw_figure",
    "figure_block",
    "figure_to_png",
    "figure_to_svg",
    "inline_markup",
    "literal",
    "render_page",
    "write_page",
]

"""The study as a page: the story's sections in their order, composed for the report."""

from __future__ import annotations

from glassnet.evaluation import SuccessRates
from glassnet.report import KeyFigure, Page, literal
from glassnet.studies.findings_page import findings_section
from glassnet.studies.result import StudyResult
from glassnet.studies.sections.comparison import comparison_section
from glassnet.studies.sections.data import data_section
from glassnet.studies.sections.inside import inside_section
from glassnet.studies.sections.logistic import logistic_section
from glassnet.studies.sections.method import method_section
from glassnet.studies.sections.more import more_section
from glassnet.studies.sections.net import net_section
from glassnet.studies.sections.story import Render, Story
from glassnet.studies.sections.suspects import suspects_section
from glassnet.studies.sections.words import percent
from glassnet.studies.shown import shown_rows


def page_of(result: StudyResult, render: Render) -> Page:
    """Compose the page; `render` draws a picture and returns its block."""
    logistic, net = result.readings
    story = Story(result, shown_rows(result), render)
    sections = (
        data_section(story),
        logistic_section(story),
        net_section(story),
        findings_section(result, render),
        comparison_section(story),
        more_section(story),
        inside_section(story),
        suspects_section(story),
        method_section(result),
    )
    return Page(
        title=f"What a net learned from {result.dataset.name}",
        subtitle=(
            f"{result.dataset.n_rows} rows, {result.dataset.n_columns} columns, "
            f"{len(result.dataset.classes)} classes: {result.logistic_name} and a neural net, "
            "side by side"
        ),
        lead=(literal(result.comparison.sentence), literal(net.gap.sentence)),
        key_figures=(
            _rate_figure("Logistic regression, held-out", logistic.holdout),
            _rate_figure("Neural net, held-out", net.holdout),
            _rate_figure("Neural net, training", net.train),
        ),
        sections=tuple(section for section in sections if section is not None),
        footer="Made by glassnet. Everything on this page was computed from "
        f"{literal(result.dataset.name)} with seed {result.options.seed}.",
    )


def _rate_figure(label: str, rates: SuccessRates) -> KeyFigure:
    low, high = f"{100 * rates.low:.1f}", percent(rates.high)
    note = f"{rates.correct} of {rates.rows} rows; 95\u00a0% interval {low}\u00a0–\u00a0{high}"
    return KeyFigure(label, percent(rates.accuracy), note)

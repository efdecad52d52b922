"""Whether a model's probabilities can be believed."""

from __future__ import annotations

from glassnet.report import Block, Details, Reliability, ReliabilityChart, Table, literal
from glassnet.studies.result import ModelReading
from glassnet.studies.sections.words import capitalised, percent


def reliability_blocks(reading: ModelReading) -> tuple[Block, ...]:
    """Return the reliability diagram of a model on held-out rows, with its numbers."""
    found = reading.calibration
    bins = tuple(
        Reliability(
            each.low, each.high, each.rows, each.confidence, each.rate, each.rate_low,
            each.rate_high,
        )
        for each in found.bins
        if each.confidence is not None and each.rate is not None
    )  # fmt: skip
    chart = ReliabilityChart(
        title=f"Can its probabilities be believed? {capitalised(reading.name)}",
        caption="Held-out rows by how sure the model is of its label (across), and the share of "
        "them that is right (up), with 95\u00a0% intervals; the bars below say how many rows there "
        "are. On the dotted line, rows said to be 80\u00a0% sure are right in 80\u00a0% of cases; "
        "below it the model is too sure.",
        alt=f"Reliability diagram of {reading.name}: expected calibration error "
        f"{percent(found.expected_error)}.",
        bins=bins,
        conclusion=literal(found.sentence()),
    )
    return chart, _table(reading)


def _table(reading: ModelReading) -> Details:
    """Return the diagram's numbers."""
    rows = tuple(
        (
            f"{percent(each.low, 0)} to {percent(each.high, 0)}",
            f"{each.rows}",
            percent(each.confidence),
            percent(each.rate),
            f"{percent(each.rate_low, 0)} – {percent(each.rate_high, 0)}",
        )
        for each in reading.calibration.bins
        if each.confidence is not None and each.rate is not None
    )
    header = ("how sure", "rows", "mean", "right", "95\u00a0% interval")
    return Details("These numbers as a table", (Table(header, rows),))

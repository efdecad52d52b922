"""Success by class: a table with its intervals, of one model or of two."""

from __future__ import annotations

from glassnet.evaluation import ClassRate, SuccessRates
from glassnet.report import Block, Details, Interval, IntervalTable, Table, literal
from glassnet.studies.result import ModelReading, StudyResult
from glassnet.studies.sections.words import interval_of, share_of

LONGEST_TABLE = 30


def rates_block(reading: ModelReading) -> Block:
    """Return the success rates a class a line, training beside held-out."""
    pairs = _pairs(reading.train, reading.holdout)
    rows = tuple(
        (name, share_of(mine.correct, mine.rows), share_of(held.correct, held.rows),
         interval_of(held, digits))
        for name, mine, held, digits in pairs
    )  # fmt: skip
    table = Table(
        ("class", "training rows", "held-out rows", "95\u00a0%"),
        rows,
        caption="Right of all, and the rate, on the rows that the model was fitted to (ring) and "
        "on rows that it never saw (dot). The interval and the bar are of the held-out rate "
        "(Wilson): few rows, a wide bar.",
        alignments=("left", *("right",) * 3),
        highlight=(len(rows) - 1,),
    )
    marks = tuple((*_dot(mine, "train"), *_whisker(held, "held-out")) for _, mine, held, _ in pairs)
    block = IntervalTable(
        f"Success by class: {reading.name}", table, marks, literal(reading.gap.sentence)
    )
    return block if len(rows) <= LONGEST_TABLE else Details("The rate of every class", (block,))


def comparison_block(result: StudyResult) -> Block:
    """Return both models' success by class on the same held-out rows."""
    first, second = result.readings
    pairs = _pairs(first.holdout, second.holdout)
    rows = tuple(
        (name, share_of(one.correct, one.rows), share_of(two.correct, two.rows))
        for name, one, two, _ in pairs
    )
    table = Table(
        ("class", f"{first.name} (blue)", f"{second.name} (orange)"),
        rows,
        caption="The share of each class's held-out rows that get the right label, with 95\u00a0% "
        "intervals.",
        alignments=("left", "right", "right"),
        highlight=(len(rows) - 1,),
    )
    marks = tuple((*_whisker(one, "train"), *_whisker(two, "held-out")) for _, one, two, _ in pairs)
    block = IntervalTable("Both models on the same held-out rows", table, marks)
    return block if len(rows) <= LONGEST_TABLE else Details("The rates of every class", (block,))


Rate = ClassRate | SuccessRates


def _pairs(first: SuccessRates, second: SuccessRates) -> list[tuple[str, Rate, Rate, int]]:
    """Return (name, first, second, digits) of every class and of all."""
    classes: list[tuple[str, Rate, Rate, int]] = [
        (one.label, one, two, 0) for one, two in zip(first.classes, second.classes, strict=True)
    ]
    return [*classes, ("all", first, second, 1)]


def _dot(rate: Rate, role: str) -> tuple[Interval, ...]:
    share = rate.correct / rate.rows if rate.rows else None
    return () if share is None else (Interval(share, share, share, role),)  # type: ignore[arg-type]


def _whisker(rate: Rate, role: str) -> tuple[Interval, ...]:
    if not rate.rows:
        return ()
    share = rate.correct / rate.rows
    return (Interval(rate.low, share, rate.high, role),)  # type: ignore[arg-type]

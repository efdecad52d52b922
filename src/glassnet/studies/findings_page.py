"""The study's section of what the doctor found, what was changed, and what became of it."""

from __future__ import annotations

__all__ = ["findings_section"]

from collections.abc import Callable

from glassnet.evaluation.doctor import Finding, Outcome, change_in_words
from glassnet.pictures import FindingDisplay
from glassnet.report import Block, FigureBlock, Note, Paragraph, Section, Table, literal
from glassnet.studies.figures import Picture
from glassnet.studies.result import StudyResult


def findings_section(result: StudyResult, render: Callable[[Picture], FigureBlock]) -> Section:
    """Compose the section; `render` draws a picture and returns its block."""
    diagnosis = result.diagnosis
    blocks: list[Block] = [_table(result)] if result.treatments else []
    asked = len(diagnosis.examined)
    if not diagnosis.findings:
        blocks.append(
            Note(
                "good",
                f"{asked} rules looked at the net that was kept and at its rows: nothing found.",
            )
        )
    else:
        blocks.append(
            Paragraph(
                f"{asked} rules looked at the net that was kept and at its rows. What to act on "
                "comes first."
            )
        )
    for number, finding in enumerate(diagnosis.findings, start=1):
        is_drawn = finding.severity != "note" and finding.picture is not None
        blocks.append(_note(finding, with_advice=not is_drawn))
        if is_drawn:
            blocks.append(render(_picture(number, finding)))
    return Section("What the doctor found", "doctor", tuple(blocks))


def _note(finding: Finding, *, with_advice: bool) -> Note:
    """Return the finding's text; beside a picture, the advice is its conclusion."""
    told = f"{finding.sentence} {finding.advice}".rstrip() if with_advice else finding.sentence
    text = literal(told)
    return Note("info" if finding.severity == "note" else "warning", f"**{finding.title}.** {text}")


def _picture(number: int, finding: Finding) -> Picture:
    assert finding.picture is not None
    return Picture(
        f"doctor-{number}-{finding.rule.replace('_', '-')}",
        finding.picture.title,
        f"{finding.picture.title}: the numbers behind the finding {finding.title.lower()}.",
        "The numbers that the rule compared.",
        literal(finding.advice or finding.sentence),
        lambda: FindingDisplay.from_finding(finding).figure_,
    )


def _table(result: StudyResult) -> Table:
    """Set the fits before and after each advice side by side."""
    treatments = result.treatments
    outcomes = [treatments[0].before, *(each.after for each in treatments)]
    changes = ["as asked"] + [
        f"{each.finding.title}: {change_in_words(each.changed)}" for each in treatments
    ]
    return Table(
        ("fit", "found, and changed", "held-out rows", "95\u00a0%", "loss", "epochs", "seconds"),
        tuple(
            (str(number), change, *_cells(outcome))
            for number, (change, outcome) in enumerate(zip(changes, outcomes, strict=True), start=1)
        ),
        caption="Every fit of the net, with what was found in the one before it and changed. Only "
        "training rows had a say in it.",
        alignments=("right", "left", *("right",) * 5),
        highlight=(result.kept,),
    )


def _cells(outcome: Outcome) -> tuple[str, ...]:
    rates = outcome.holdout
    return (
        "diverged" if rates is None else f"{100 * rates.accuracy:.1f}\u00a0%",
        "" if rates is None else f"{100 * rates.low:.1f}\u00a0–\u00a0{100 * rates.high:.1f}\u00a0%",
        "–" if outcome.loss is None else f"{outcome.loss:.4g}",
        str(outcome.epochs),
        f"{outcome.seconds:.2f}",
    )

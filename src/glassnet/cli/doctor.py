"""``glassnet doctor``: what is wrong with a fit, and what to change."""

from __future__ import annotations

__all__ = ["command"]

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glassnet.cli.options import (
    FEWEST,
    RegistryChoice,
    data_options,
    load,
    net_options,
    net_parameters,
    source_argument,
    split_options,
)
from glassnet.cli.output import say, wrapped
from glassnet.cli.wording import in_options, option_for
from glassnet.files import check_output_folder

if TYPE_CHECKING:
    from glassnet.evaluation.doctor import Diagnosis, Finding
    from glassnet.evaluation.rate_range import RateRange
    from glassnet.studies.doctor import Consultation, Visit


@click.command(
    "doctor", short_help="Say what is wrong with a fit and its rows, and try the advice."
)
@source_argument
@data_options()
@split_options
@click.option(
    "--scale",
    type=RegistryChoice("glassnet.data.preprocessor", "SCALES"),
    default="auto",
    show_default=True,
    help="How numbers are scaled, as measured on the training rows.",
)
@net_options()
@click.option("--try", "tries", is_flag=True, help="Follow the advice and fit again.")
@click.option(
    "--attempts",
    type=FEWEST,
    default=4,
    show_default=True,
    help="Fits at most, with --try; one finding is acted on after each.",
)
@click.option(
    "--rates",
    "finds_rates",
    is_flag=True,
    help="Find the range of learning rates with which this net can be trained.",
)
@click.option(
    "--pictures",
    metavar="DIR",
    help="Folder for a picture of each finding, and of the rates (PNG).",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(
    source: str,
    tries: bool,
    attempts: int,
    finds_rates: bool,
    pictures: str | None,
    as_json: bool,
    **values: Any,
) -> None:
    """Fit a net to SOURCE as `glassnet fit` does, and say what is wrong and what to change.

    SOURCE is a table (CSV, Parquet, .mat, .npz, ...), a folder of images with one subfolder a
    label, or the name of a built-in set (digits, iris, wine, breast_cancer).

    Thirteen rules look at the rows, the loss curves, the hidden units and the success on training
    and on held-out rows: columns that give the label away, copies across the split, unlike scales,
    rates too large or too small, plateaus, dead and saturated units, a net too small or too large
    for its rows, overfitting, rare classes that are passed over. What to act on comes first. The
    exit code is 0 whatever is found.
    """
    from glassnet.cli.progress import TrainingProgress
    from glassnet.studies.doctor import consult

    split = {name: values.pop(name) for name in ("holdout", "seed", "scale")}
    net = net_parameters(values)
    if pictures is not None:
        check_output_folder(pictures)
    dataset = load(source, **values)
    with TrainingProgress("Training", net["max_iter"]) as progress:
        found = consult(
            dataset, parameters=net, attempts=attempts if tries else 1, monitor=progress, **split
        )
    rates = _rates(found.visits[-1]) if finds_rates else None
    if as_json:
        say(json.dumps(_plain(dataset.name, found, rates), ensure_ascii=False, indent=2))
    else:
        for line in _account(found, rates, tries):
            say(wrapped(in_options(line)))
    if pictures is not None:
        drawn = _draw(Path(pictures), found, rates)
        if not as_json:
            say(f"Wrote {drawn} picture{'s' if drawn != 1 else ''} into {pictures}.")


def _account(found: Consultation, rates: RateRange | None, tries: bool) -> Iterator[str]:
    """Tell it, a paragraph at a time."""
    first = found.visits[0]
    yield f"{first.case.dataset.name}: {first.outcome.sentence()}."
    yield ""
    yield from _findings(first.diagnosis)
    if tries:
        yield from _treatments(found)
    elif first.diagnosis.first is not None:
        yield ""
        yield _next_try(first.diagnosis)
    if rates is not None:
        yield ""
        yield rates.sentence()


def _findings(diagnosis: Diagnosis) -> Iterator[str]:
    if not diagnosis.findings:
        yield f"Nothing found: {len(diagnosis.examined)} rules looked."
    for number, finding in enumerate(diagnosis.findings, start=1):
        mark = {"critical": "!!", "warning": "!", "note": "note:"}[finding.severity]
        yield f"{number}. {mark} {finding.title}. {finding.sentence} {finding.advice}".rstrip()
    for name, missing in diagnosis.not_examined.items():
        if "holdout" in missing:
            yield f"Not asked, as no rows are held out: {name.replace('_', ' ')}."


def _next_try(diagnosis: Diagnosis) -> str:
    """Name the options that follow the first finding that options can follow."""
    for finding in diagnosis.findings:
        options = _options(finding)
        if finding.severity != "note" and options:
            return f"Next try: {options} (or let --try do it)"
    return "No option mends this; the rows do."


def _options(finding: Finding) -> str:
    changes = {**finding.suggested, **finding.preparation}
    options = [option_for(name, value) for name, value in changes.items()]
    return " ".join(option for option in options if option)


def _treatments(found: Consultation) -> Iterator[str]:
    """Show what was changed after each fit, and what became of it."""
    if not found.treatments:
        yield ""
        yield "There was no advice to try."
        return
    from glassnet.evaluation.doctor import change_in_words

    changes = [
        "as asked",
        *(in_options(change_in_words(each.changed)) for each in found.treatments),
    ]
    outcomes = [visit.outcome for visit in found.visits]
    yield ""
    yield _table(
        [
            (f"{number}. {change}", *_cells(outcome))
            for number, (change, outcome) in enumerate(zip(changes, outcomes, strict=True), 1)
        ]
    )
    last = found.visits[-1]
    yield ""
    if last.diagnosis.is_healthy:
        yield f"After fit {len(outcomes)} there is nothing left to act on."
    else:
        yield f"After fit {len(outcomes)} there is still:"
        yield from _findings(last.diagnosis)
    if any(each.finding.rule in HELD_OUT for each in found.treatments):
        yield (
            "The held-out rows had a say in what was changed, so expect a little less on new rows."
        )


HELD_OUT = {"overfitting", "too_few_rows", "class_imbalance"}
HEAD = ("fit", "held-out rows", "loss", "epochs", "seconds")


def _cells(outcome: Any) -> tuple[str, ...]:
    rates = outcome.holdout or outcome.train
    return (
        "diverged"
        if rates is None
        else f"{rates.correct} of {rates.rows}  {rates.accuracy:.3f} "
        f"({rates.low:.3f} to {rates.high:.3f})",
        "–" if outcome.loss is None else f"{outcome.loss:.4g}",
        "–" if outcome.epochs is None else str(outcome.epochs),
        f"{outcome.seconds:.2f}",
    )


def _table(rows: list[tuple[str, ...]]) -> str:
    from rich.cells import cell_len, set_cell_size

    lines = [HEAD, *rows]
    widths = [max(cell_len(line[i]) for line in lines) for i in range(len(HEAD))]
    return "\n".join(
        "  ".join(
            set_cell_size(cell, width) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def _rates(visit: Visit) -> RateRange:
    import numpy as np

    from glassnet.cli.progress import working
    from glassnet.estimators.rate_finder import rate_range

    rows = visit.case.dataset.subset(visit.train)
    with working("Trying rates"):
        return rate_range(
            visit.preprocessor.transform(rows.X),
            np.asarray(rows.y),
            visit.estimator,
        )


def _plain(name: str, found: Consultation, rates: RateRange | None) -> dict[str, Any]:
    return {
        "source": name,
        "visits": [
            {
                "parameters": visit.case.parameters,
                "scale": visit.case.scale,
                "outcome": visit.outcome.to_dict(),
                "diagnosis": visit.diagnosis.to_dict(),
            }
            for visit in found.visits
        ],
        "treatments": [each.to_dict() for each in found.treatments],
        "rates": None if rates is None else rates.to_dict(),
    }


def _draw(folder: Path, found: Consultation, rates: RateRange | None) -> int:
    """Draw the first fit's findings, and the rates; return how many pictures there are."""
    import io

    import matplotlib

    matplotlib.use("agg")  # files are drawn, no window
    from glassnet.files import atomic_write_bytes
    from glassnet.pictures import FindingDisplay, RateFinderDisplay

    folder.mkdir(parents=True, exist_ok=True)
    displays: dict[str, Any] = {
        f"{number}-{finding.rule}": FindingDisplay.from_finding(finding)
        for number, finding in enumerate(found.visits[0].diagnosis.findings, start=1)
        if finding.picture is not None
    }
    if rates is not None:
        displays["rates"] = RateFinderDisplay.from_range(rates)
    for name, display in displays.items():
        content = io.BytesIO()
        display.figure_.savefig(content, format="png", dpi=150)
        atomic_write_bytes(folder / f"{name}.png", content.getvalue())
    return len(displays)

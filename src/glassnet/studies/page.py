"""The study as a page: the story's sections in their order, composed for the report."""

from __future__ import annotations

import platform
from collections.abc import Callable

import numpy as np
import sklearn

from glassnet.evaluation import ClassRate, SuccessRates
from glassnet.report import (
    Block,
    Bullets,
    Details,
    FigureBlock,
    KeyFigure,
    Note,
    Page,
    Paragraph,
    Section,
    Table,
    literal,
)
from glassnet.studies.figures import (
    Picture,
    comparison_picture,
    inside_pictures,
    loss_picture,
    reading_pictures,
    sample_picture,
)
from glassnet.studies.findings_page import findings_section
from glassnet.studies.net import converged_in_words
from glassnet.studies.result import ModelReading, StudyResult

Render = Callable[[Picture], FigureBlock]
LONGEST_TABLE = 30


def page_of(result: StudyResult, render: Render) -> Page:
    """Compose the page; `render` draws a picture and returns its block."""
    logistic, net = result.readings
    sections = (
        _data(result, render),
        _logistic(result, render),
        _net(result, render),
        findings_section(result, render),
        _comparison(result, render),
        _inside(result, render),
        _method(result),
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


def _percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f}\u00a0%"


def _rate_figure(label: str, rates: SuccessRates) -> KeyFigure:
    low, high = f"{100 * rates.low:.1f}", _percent(rates.high)
    note = f"{rates.correct} of {rates.rows} rows; 95\u00a0% interval {low}\u00a0–\u00a0{high}"
    return KeyFigure(label, _percent(rates.accuracy), note)


def _data(result: StudyResult, render: Render) -> Section:
    summary, split = result.summary, result.split
    sample = sample_picture(result)
    blocks: list[Block] = [
        Bullets(
            tuple(literal(text) for text in (*summary.sentences(), *result.preprocessor.describe()))
        ),
        Paragraph(
            f"**{len(split.train)} rows are trained on; {len(split.holdout)} are held out** of "
            "all fitting, drawn evenly from every class. Every rate on this page says which of "
            "the two it is of."
        ),
        Paragraph(literal(result.guess_sentence)),
    ]
    if sample is not None:
        blocks.append(render(sample))
    return Section("The data", "data", tuple(blocks))


def _logistic(result: StudyResult, render: Render) -> Section:
    reading, check = result.logistic_reading, result.cross_check
    certificate = result.certificate
    agrees = check.differing_train + check.differing_holdout == 0
    if len(result.dataset.classes) == 2:
        first, second = map(literal, result.dataset.class_names)
        what = f"One classifier tells {second} from {first}. It was solved in"
    else:
        what = (
            "One classifier a class tells that class from all others; a row gets the label of the "
            "classifier that is surest. All of them were solved together in"
        )
    blocks: list[Block] = [
        Paragraph(f"{what} {result.logistic_seconds:.2f}\u00a0s."),
        Note("good" if certificate.proves_all else "info", literal(certificate.sentence())),
        Note("good" if agrees else "info", literal(check.sentence)),
        *_reading(result, "logistic", reading, render),
    ]
    name = result.logistic_name
    return Section(name[0].upper() + name[1:], "logistic", tuple(blocks))


def _net(result: StudyResult, render: Render) -> Section:
    net, attempts = result.net, result.attempts
    sizes = [coef.shape[0] for coef in net.coefs_] + [net.n_outputs_]
    kept = attempts[result.kept]
    blocks: list[Block] = [
        Paragraph(
            f"A net of {' – '.join(map(str, sizes))} units (inputs, hidden, outputs) with "
            f"{net.activation} hidden units, trained by {net.solver}."
        ),
        render(loss_picture(result)),
        Table(
            ("attempt", "learning rate", "epochs", "seconds", "last loss", "training", "held-out"),
            tuple(
                (
                    f"{number}{' (kept)' if number == result.kept + 1 else ''}",
                    f"{attempt.learning_rate_init:g}",
                    f"{len(attempt.loss_curve)} of {attempt.max_iter}",
                    f"{attempt.seconds:.2f}",
                    f"{attempt.loss_curve[-1]:.4g}",
                    *(
                        "diverged" if rate is None else _percent(rate)
                        for rate in (attempt.train_accuracy, attempt.holdout_accuracy)
                    ),
                )
                for number, attempt in enumerate(attempts, start=1)
            ),
            caption="Every fit of the net, in order.",
            highlight=(result.kept,),
        ),
        *(
            Note(
                "good" if attempt.convergence.reason == "converged" else "warning",
                f"**Attempt {number}.** {literal(converged_in_words(attempt.convergence))}",
            )
            for number, attempt in enumerate(attempts, start=1)
        ),
    ]
    if kept.convergence.reason != "converged":
        blocks.append(
            Note("warning", "The net that is kept did not converge; read its rates with that.")
        )
    blocks += _reading(result, "net", result.net_reading, render)
    return Section("The neural net", "net", tuple(blocks))


def _reading(result: StudyResult, slug: str, reading: ModelReading, render: Render) -> list[Block]:
    """Return the table of rates, the pictures, and the worst mistakes."""
    table = rates_table(reading)
    small = len(table.rows) <= LONGEST_TABLE
    blocks: list[Block] = [table if small else Details("The rate of every class", (table,))]
    blocks += [render(picture) for picture in reading_pictures(result, slug, reading)]
    if reading.mistakes:
        n = len(reading.mistakes)
        title = "The surest mistake" if n == 1 else f"The {n} surest mistakes"
        blocks.append(Details(f"{title}, as a table", (_worst(reading),)))
    return blocks


def rates_table(reading: ModelReading) -> Table:
    """Return the success rates a class a line, training beside held-out."""
    rows = [
        (train.label, _share(train.correct, train.rows), *_share_and_interval(held))
        for train, held in zip(reading.train.classes, reading.holdout.classes, strict=True)
    ]
    mine, held_out = reading.train, reading.holdout
    rows.append(("all", _share(mine.correct, mine.rows), *_share_and_interval(held_out, 1)))
    return Table(
        ("class", "training rows", "held-out rows", "95\u00a0%"),
        tuple(rows),
        caption="Success by class, on training rows and on held-out rows: right of all, and the "
        "rate; the interval is of the held-out rate (Wilson).",
        alignments=("left", *("right",) * 3),
        highlight=(len(rows) - 1,),
    )


def _share(correct: int, rows: int) -> str:
    """Write a rate with its counts."""
    return f"{correct}/{rows}\u2002{_percent(correct / rows)}" if rows else "no rows"


def _share_and_interval(rates: ClassRate | SuccessRates, digits: int = 0) -> tuple[str, str]:
    """Write a rate with its counts, and its interval."""
    low, high = f"{100 * rates.low:.{digits}f}", _percent(rates.high, digits)
    return _share(rates.correct, rates.rows), f"{low}\u00a0–\u00a0{high}"


def _worst(reading: ModelReading) -> Table:
    return Table(
        ("row", "true", "assigned", "its probability", "probability of the true label"),
        tuple(
            (
                f"{mistake.row}",
                mistake.true,
                mistake.predicted,
                f"{mistake.probability:.3f}",
                f"{mistake.probability_of_true:.3f}",
            )
            for mistake in reading.mistakes
        ),
        caption="Held-out rows that get a wrong label, the surest first; rows count from 0.",
        alignments=("left", "left", "left", "right", "right"),
    )


def _comparison(result: StudyResult, render: Render) -> Section:
    both = result.comparison
    first, second = both.names
    return Section(
        "Which is better?",
        "comparison",
        (
            Note("info", literal(both.sentence)),
            Table(
                ("held-out rows", f"{second} right", f"{second} wrong"),
                (
                    (f"{first} right", f"{both.both_right}", f"{both.only_first}"),
                    (f"{first} wrong", f"{both.only_second}", f"{both.both_wrong}"),
                ),
                caption="The same held-out rows, by who gets them right. Only the rows that one "
                "model alone gets right tell which is better.",
            ),
            render(comparison_picture(result)),
        ),
    )


def _inside(result: StudyResult, render: Render) -> Section | None:
    pictures = inside_pictures(result)
    if not pictures:
        return None
    return Section("What the net learned", "inside", tuple(render(each) for each in pictures))


def _method(result: StudyResult) -> Section:
    options = result.options
    return Section(
        "How this was measured",
        "method",
        (
            Bullets(
                (
                    f"Held-out rows: {_percent(options.holdout, 0)} of each class, drawn with seed "
                    f"{options.seed}. Scaling and encoding were fitted on training rows only.",
                    f"{result.logistic_name[0].upper()}{result.logistic_name[1:]}: L2 penalty "
                    f"with C = {options.C:g}, intercepts not penalised, float64.",
                    f"Net: L2 penalty alpha = {options.alpha:g}, random state {options.seed}.",
                    "Rates have 95\u00a0% Wilson intervals, gaps Newcombe's; models are compared "
                    "with the exact McNemar test, their difference has Tango's interval.",
                    f"Python {platform.python_version()}, NumPy {np.__version__}, scikit-learn "
                    f"{sklearn.__version__}.",
                )
            ),
            Paragraph(
                "Beside this page lie `figures/` (PNG and SVG), `metrics.json` (every number), "
                "`predictions.csv` (every row's labels and probabilities) and the two model files."
            ),
        ),
    )

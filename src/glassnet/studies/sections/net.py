"""The section on the net: its attempts, its loss curves, how well it does."""

from __future__ import annotations

from math import isfinite

from glassnet.report import Block, Line, LineChart, Note, Paragraph, Section, Table, literal
from glassnet.studies.net import converged_in_words
from glassnet.studies.result import StudyResult
from glassnet.studies.sections.errors import errors_blocks
from glassnet.studies.sections.rates import rates_block
from glassnet.studies.sections.reliability import reliability_blocks
from glassnet.studies.sections.story import Story
from glassnet.studies.sections.words import percent


def net_section(story: Story) -> Section:
    """Return how the net was fitted, attempt by attempt, and how well it does."""
    result = story.result
    net, attempts = result.net, result.attempts
    sizes = [coef.shape[0] for coef in net.coefs_] + [net.n_outputs_]
    blocks: list[Block] = [
        Paragraph(
            f"A net of {' – '.join(map(str, sizes))} units (inputs, hidden, outputs) with "
            f"{net.activation} hidden units, trained by {net.solver}."
        ),
        loss_chart(result),
        _attempts(result),
        *(
            Note(
                "good" if attempt.convergence.reason == "converged" else "warning",
                f"**Attempt {number}.** {literal(converged_in_words(attempt.convergence))}",
            )
            for number, attempt in enumerate(attempts, start=1)
        ),
    ]
    if attempts[result.kept].convergence.reason != "converged":
        blocks.append(
            Note("warning", "The net that is kept did not converge; read its rates with that.")
        )
    reading = result.net_reading
    blocks += [rates_block(reading), *errors_blocks(story, reading), *reliability_blocks(reading)]
    return Section("The neural net", "net", tuple(blocks))


def loss_chart(result: StudyResult) -> LineChart:
    """Return the loss of training and of held-out rows, epoch by epoch."""
    kept = result.attempts[result.kept]
    lines = [Line("training loss", kept.loss_curve, "train")]
    mark, best = None, kept.best_epoch
    conclusion = converged_in_words(kept.convergence)
    if kept.holdout_loss_curve:
        lines.append(Line("held-out loss", kept.holdout_loss_curve, "held-out"))
    if best is not None:
        lowest = kept.holdout_loss_curve[best - 1]
        mark = (1, best, f"lowest: {lowest:.3g}, epoch {best}")
        last = kept.holdout_loss_curve[-1]
        if last > 1.02 * lowest:
            conclusion = (
                f"The held-out loss was lowest after epoch {best}, {lowest:.3g}, and rose to "
                f"{last:.3g} by epoch {len(kept.holdout_loss_curve)}: from there on the net grew "
                "surer of its training rows without doing better on others."
            )
    lines += [
        Line(f"attempt {number}, rate {attempt.learning_rate_init:g}", attempt.loss_curve, "other")
        for number, attempt in enumerate(result.attempts, start=1)
        if number != result.kept + 1
    ]
    values = [v for line in lines for v in line.values if isfinite(v)]
    return LineChart(
        title="Loss, epoch by epoch",
        caption="The loss that training makes small, after each pass over the training rows, and "
        "the log loss of the held-out rows, which no step of the training sees. The scale is "
        "logarithmic." if min(values) > 0 else "The loss after each pass over the training rows.",
        alt=f"Loss by epoch of the attempt that was kept: training loss falls from "
        f"{kept.loss_curve[0]:.3g} to {kept.loss_curve[-1]:.3g}.",
        lines=tuple(lines),
        step="epoch",
        value="loss",
        conclusion=literal(conclusion),
        logarithmic=min(values) > 0,
        mark=mark,
    )  # fmt: skip


def _attempts(result: StudyResult) -> Table:
    attempts = result.attempts
    return Table(
        ("attempt", "learning rate", "epochs", "seconds", "last loss", "training", "held-out"),
        tuple(
            (
                f"{number}{' (kept)' if number == result.kept + 1 else ''}",
                f"{attempt.learning_rate_init:g}",
                f"{len(attempt.loss_curve)} of {attempt.max_iter}",
                f"{attempt.seconds:.2f}",
                f"{attempt.loss_curve[-1]:.4g}",
                *(
                    "diverged" if rate is None else percent(rate)
                    for rate in (attempt.train_accuracy, attempt.holdout_accuracy)
                ),
            )
            for number, attempt in enumerate(attempts, start=1)
        ),
        caption="Every fit of the net, in order.",
        highlight=(result.kept,),
    )

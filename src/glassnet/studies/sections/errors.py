"""Where a model errs: its confusion matrix, its mistakes and the rows that it is unsure of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glassnet.report import Block, ConfusionExplorer, ExampleTable, TableColumn, literal
from glassnet.studies.result import ModelReading
from glassnet.studies.sections.story import Story

MOST_UNSURE = 200


def errors_blocks(story: Story, reading: ModelReading) -> list[Block]:
    """Return what one explores of a model's errors."""
    return [_confusion(story, reading), _mistakes(story, reading), _unsure(story, reading)]


def _confusion(story: Story, reading: ModelReading) -> ConfusionExplorer:
    shown, counts = story.shown, reading.holdout_confusion
    return ConfusionExplorer(
        title=f"Confusion matrix: {reading.name}",
        caption=f"The {reading.holdout.rows} held-out rows by true class (down) and by the label "
        f"assigned (across); the darker, the larger the share of the true class. "
        f"{literal(counts.sentence())}",
        counts=counts.counts,
        examples=shown.examples,
        predictions=shown.predictions[reading.name],
        shown=shown.held_out_positions,
    )


def _mistakes(story: Story, reading: ModelReading) -> ExampleTable:
    truth, assigned, p = _said(story, reading)
    wrong = np.flatnonzero(assigned != truth)
    wrong = wrong[np.argsort(-p[wrong, assigned[wrong]], kind="stable")]
    n = reading.holdout_confusion.n_mistakes
    part = "" if len(wrong) == n else f" The page holds {len(wrong)} of them."
    return ExampleTable(
        title=f"Every mistake of {reading.name}",
        caption=f"The {n} held-out rows that get a wrong label, the surest first.{part} Look for "
        "rows that a person would get wrong too, and for labels that are wrong themselves.",
        examples=story.shown.examples,
        predictions=story.shown.predictions[reading.name],
        shown=wrong,
        columns=(
            TableColumn("row", story.shown.rows[wrong]),
            TableColumn("true", truth[wrong], "class"),
            TableColumn("assigned", assigned[wrong], "class"),
            TableColumn("its probability", p[wrong, assigned[wrong]], "share"),
            TableColumn("that of the true", p[wrong, truth[wrong]], "share"),
        ),
        empty="All held-out rows get the right label.",
    )


def _unsure(story: Story, reading: ModelReading) -> ExampleTable:
    truth, assigned, p = _said(story, reading)
    right = np.flatnonzero(assigned == truth)
    sorted_p = np.sort(p[right], axis=1)
    order = np.argsort(sorted_p[:, -1] - sorted_p[:, -2], kind="stable")[:MOST_UNSURE]
    rows = right[order]
    second = np.argsort(p[rows], axis=1)[:, -2] if len(rows) else np.empty(0, dtype=np.intp)
    return ExampleTable(
        title=f"Right, but unsure: {reading.name}",
        caption=f"The {len(rows)} held-out rows with the right label whose two likeliest classes "
        "lie closest; a little noise could turn them.",
        examples=story.shown.examples,
        predictions=story.shown.predictions[reading.name],
        shown=rows,
        columns=(
            TableColumn("row", story.shown.rows[rows]),
            TableColumn("true", truth[rows], "class"),
            TableColumn("almost", second, "class"),
            TableColumn("probability of the true", p[rows, truth[rows]], "share"),
            TableColumn("of the other", p[rows, second], "share"),
        ),
        empty="No held-out row gets the right label.",
    )


def _said(
    story: Story, reading: ModelReading
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Return of the held-out rows the true and assigned positions (r,) and probabilities (r, k)."""
    r = story.shown.held_out
    predictions = story.shown.predictions[reading.name]
    truth = np.asarray(story.shown.examples.truth[:r], dtype=np.intp)
    assigned = np.asarray(predictions.assigned[:r], dtype=np.intp)
    return truth, assigned, np.asarray(predictions.probabilities[:r])

"""The section on labels that may be wrong."""

from __future__ import annotations

import numpy as np

from glassnet.report import ExampleTable, Paragraph, Predictions, Section, TableColumn, literal
from glassnet.studies.sections.story import Story
from glassnet.studies.shown import N_SUSPECTS


def suspects_section(story: Story) -> Section:
    """Return the rows whose given label a model does not believe, and the list as a file."""
    result = story.result
    found = result.suspects.found
    first = found.suspects[:N_SUSPECTS]
    names = result.dataset.class_names
    place = {name: k for k, name in enumerate(names)}
    table = ExampleTable(
        title=f"The {len(first)} most suspect labels",
        caption="Rows of the whole data set, the most suspect first. Each was judged by a model "
        "that was not trained on it. A suspect is no culprit: look at the row before changing it.",
        examples=story.shown.examples,
        predictions=_predictions(story),
        shown=story.shown.positions(np.array([each.row for each in first])),
        columns=(
            TableColumn("rank", np.array([each.rank for each in first])),
            TableColumn("row", np.array([each.row for each in first])),
            TableColumn("given label", np.array([place[each.given] for each in first]), "class"),
            TableColumn(
                "the model says", np.array([place[each.suggested] for each in first]), "class"
            ),
            TableColumn(
                "its probability",
                np.array([each.probability_of_given for each in first]),
                "share",
            ),
            TableColumn(
                "that of the model",
                np.array([each.probability_of_suggested for each in first]),
                "share",
            ),
        ),
        download=("label-suspects.csv", found.to_frame().head(N_SUSPECTS).to_csv(index=False)),
    )
    return Section(
        "Which labels may be wrong",
        "suspects",
        (
            Paragraph(
                f"{literal(found.sentence())} All {found.rows} rows were judged by "
                f"{literal(result.suspects.by)}, fitted five times, each time without a fifth of "
                "the rows and asked about these."
            ),
            table,
        ),
    )


def _predictions(story: Story) -> Predictions:
    """Return what the model said of each row when it was fitted without it."""
    found = story.result.suspects
    p = np.clip(found.probabilities[story.shown.rows], 0, 1)
    return Predictions(f"{found.by}, fitted without the row,", p)

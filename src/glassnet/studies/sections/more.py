"""The section of what was found beyond the two models, where it was asked for."""

from __future__ import annotations

from glassnet.pictures import LearningCurveDisplay, RestartsDisplay
from glassnet.report import Note, Paragraph, Section, Table, literal
from glassnet.studies.figures import Picture
from glassnet.studies.sections.story import Story
from glassnet.studies.sections.words import percent


def more_section(story: Story) -> Section | None:
    """Return the third model, the luck of the start and the learning curve; None if not asked."""
    more, net = story.result.more, story.result.net_reading
    if more is None:
        return None
    rows = (
        ("the net", net.train, net.holdout),
        ("the automatic net", more.train, more.holdout),
    )
    starts, curve = more.starts, more.curve
    return Section(
        "Can it be better?",
        "more",
        (
            Paragraph(
                "A third model needs no choices: `AutoMLPClassifier`, four nets whose "
                "probabilities are averaged, with defaults that were measured on many tables. "
                f"It was fitted to the same training rows in {more.auto_seconds:.1f} s."
            ),
            Table(
                ("model", "training rows", "held-out rows"),
                tuple(
                    (name, percent(train.accuracy), percent(holdout.accuracy))
                    for name, train, holdout in rows
                ),
            ),
            Note("info", literal(more.comparison.sentence)),
            story.render(
                Picture(
                    "starts",
                    "How much of this is luck?",
                    f"The held-out accuracy of the net from {len(starts.values)} random starts, a "
                    "dot each.",
                    "The same net, trained on the same rows from other random starts; the marked "
                    "one is the study's.",
                    literal(starts.sentence),
                    lambda: RestartsDisplay(spread=starts).plot().figure_,
                )
            ),
            story.render(
                Picture(
                    "learning-curve",
                    "Would more rows help?",
                    "Accuracy of rows trained on and of rows left out against the number of rows "
                    "trained on.",
                    f"The net, trained on parts of the training rows; {curve.scores.shape[1]} "
                    "folds. Held-out rows take no part.",
                    literal(curve.sentence),
                    lambda: LearningCurveDisplay.from_curve(curve).figure_,
                )
            ),
        ),
    )

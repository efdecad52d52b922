"""The section that compares the models."""

from __future__ import annotations

from glassnet.report import Note, Section, Table, literal
from glassnet.studies.sections.rates import comparison_block
from glassnet.studies.sections.story import Story


def comparison_section(story: Story) -> Section:
    """Return which model is better on the same held-out rows, and how sure that is."""
    both = story.result.comparison
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
            comparison_block(story.result),
        ),
    )

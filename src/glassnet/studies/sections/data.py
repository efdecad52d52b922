"""The section on the data."""

from __future__ import annotations

from glassnet.report import Block, Bullets, Paragraph, Section, literal
from glassnet.studies.figures import sample_picture
from glassnet.studies.sections.story import Story


def data_section(story: Story) -> Section:
    """Return what the data hold, how they are split, and a sample."""
    result = story.result
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
        blocks.append(story.render(sample))
    return Section("The data", "data", tuple(blocks))

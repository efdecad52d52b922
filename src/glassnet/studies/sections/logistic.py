"""The section on the logistic regression."""

from __future__ import annotations

from glassnet.report import Block, Note, Paragraph, Section, literal
from glassnet.studies.sections.errors import errors_blocks
from glassnet.studies.sections.rates import rates_block
from glassnet.studies.sections.reliability import reliability_blocks
from glassnet.studies.sections.story import Story
from glassnet.studies.sections.words import capitalised


def logistic_section(story: Story) -> Section:
    """Return how it was solved, how near it is to its optimum, how well it does."""
    result = story.result
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
        rates_block(reading),
        *errors_blocks(story, reading),
        *reliability_blocks(reading),
    ]
    return Section(capitalised(result.logistic_name), "logistic", tuple(blocks))

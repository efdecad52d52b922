"""The order of the examples: as in the story, and by name what is not in it."""

from __future__ import annotations

STORY = (
    "plot_digits_study.py",
    "plot_confusion.py",
    "plot_doctor.py",
    "plot_hidden_units.py",
    "plot_seeing_through.py",
    "plot_ledger.py",
    "plot_logistic_certificate.py",
    "plot_all_pictures.py",
)


class StoryOrder:
    """The key by which sphinx-gallery sorts the examples of a folder."""

    def __init__(self, source_folder: str) -> None:
        """Take the folder, which does not matter."""

    def __call__(self, name: str) -> tuple[int, str]:
        """Return the key of a file."""
        return STORY.index(name) if name in STORY else len(STORY), name

"""What every section is made of: the result, the rows to look at, and how pictures are drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from glassnet.pictures.theme import DIVERGING
from glassnet.report import FigureBlock
from glassnet.studies.figures import Picture
from glassnet.studies.result import StudyResult
from glassnet.studies.shown import MOST_UNITS, ShownRows

Render = Callable[[Picture], FigureBlock]


@dataclass(frozen=True, eq=False)
class Story:
    """A study to be told.

    Attributes
    ----------
    result : StudyResult
        What was found.
    shown : ShownRows
        The rows that the page lets one look at.
    render : callable
        Draws a picture and returns its block.
    """

    result: StudyResult
    shown: ShownRows
    render: Render

    @cached_property
    def unit_pictures(self) -> NDArray[np.uint8] | None:
        """The weights of the first units as pictures (h, height, width, 3), on one scale."""
        image = self.result.dataset.image
        if image is None or self.result.depth is None:
            return None
        weights = np.asarray(self.result.net.coefs_[0], dtype=np.float64).T[:MOST_UNITS]
        limit = np.abs(weights).max() or 1.0
        shares = 0.5 + image.to_images(weights) / (2 * limit)
        if shares.ndim == 4:
            return np.rint(255 * shares).astype(np.uint8)
        return np.asarray(DIVERGING(shares, bytes=True))[..., :3]

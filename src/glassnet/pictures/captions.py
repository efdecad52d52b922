"""Short texts above the pictures of a mosaic, sized so that neighbours never touch."""

from __future__ import annotations

__all__ = ["Captions"]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.text import Text

from glassnet.pictures.mosaic import Mosaic
from glassnet.pictures.theme import plain_text

# DejaVu Sans is about 0.6 of its size wide on average, its bold 0.7.
CHARACTER = 0.68
SMALLEST, LARGEST = 6.0, 11.0
PADDING, BASELINE = 0.2, 0.35  # lines from the picture up to the text, or to its baseline


@dataclass(frozen=True)
class Captions:
    """Texts in the upper left corner of each picture's tile.

    Attributes
    ----------
    texts : tuple of str
        One for each picture, of one or more lines.
    fontsize : float
        In points.
    limit : int
        Characters that fit above a picture.
    line : float
        Height of a line as a share of a picture's longer side.
    n_lines : int
        Lines of the longest text; 0 without texts.
    """

    texts: tuple[str, ...]
    fontsize: float
    limit: int
    line: float
    n_lines: int

    @property
    def room(self) -> float:
        """Height of the texts as a share of a picture's longer side."""
        return (self.n_lines + PADDING) * self.line if self.n_lines else 0.0

    @classmethod
    def above(
        cls, images: npt.NDArray[Any], texts: Sequence[str], n_columns: int, width: float
    ) -> Captions:
        """Choose size and length for a mosaic of ``n_columns`` over ``width`` inches.

        Parameters
        ----------
        images : ndarray (m, height, width, ...)
            The pictures.
        texts : sequence of str (m,)
            Their texts; may be empty.
        n_columns : int
            Pictures a line.
        width : float
            Inches of the whole.
        """
        bare = Mosaic(images, n_columns)
        across = bare.size[1]
        picture = 72 * width / n_columns / (across + bare.gap) * across  # points
        longest = max((len(line) for text in texts for line in text.split("\n")), default=1)
        fitting = picture / (CHARACTER * max(longest, 1))
        fontsize = min(max(fitting, SMALLEST), LARGEST, max(picture / 4, SMALLEST))
        return cls(
            texts=tuple(texts),
            fontsize=fontsize,
            limit=max(int(picture / (CHARACTER * fontsize)), 2),
            line=1.35 * fontsize / picture * across / max(bare.size),
            n_lines=max((text.count("\n") + 1 for text in texts), default=0),
        )

    def draw(self, ax: Axes, mosaic: Mosaic, **text: Any) -> list[Text]:
        """Write each text above its picture, its lines cut to the picture's width."""
        drawn = []
        line_height = self.line * max(mosaic.size)
        for i, caption in enumerate(self.texts):
            x, y = mosaic.corner(i)
            lines = [plain_text(line, self.limit) for line in caption.split("\n")]
            # One line stands on its baseline, so that neighbours with and without descenders
            # align; of more lines matplotlib aligns the first one's baseline only.
            one = len(lines) == 1
            drawn.append(
                ax.text(
                    x,
                    y - (BASELINE if one else PADDING) * line_height,
                    "\n".join(lines),
                    va="baseline" if one else "bottom",
                    fontsize=self.fontsize,
                    linespacing=1.1,
                    # It stays within its tile: a layout need not measure it.
                    in_layout=False,
                    **text,
                )
            )
        return drawn

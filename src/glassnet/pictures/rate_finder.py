"""The range test: loss after a few epochs against the learning rate."""

from __future__ import annotations

__all__ = ["RateFinderDisplay"]

from typing import final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from glassnet.evaluation.rate_range import RateRange
from glassnet.pictures.theme import HOLDOUT, MUTED, TRAIN, new_axes, style

HEADROOM = 1.25  # of the largest loss that is told from the others
ABOVE = 1.5  # times the loss at the start: what is above is drawn at the edge


@final
class RateFinderDisplay:
    """Loss against rate, with the usable range, the best rate and the suggested one.

    Losses far above the baseline, and fits that diverged, are crosses at the upper edge, so that
    the range in which something is learnt fills the picture.

    Use `from_range` to make one.

    Parameters
    ----------
    found : RateRange
        What `glassnet.rate_range` found.

    Attributes
    ----------
    found : RateRange
        The same.
    top : float
        The loss at the upper edge.
    is_off : ndarray of bool (m,)
        Which losses are above it.
    figure_, ax_
        Figure and axes, once drawn.
    line_ : matplotlib.lines.Line2D
        The curve.
    """

    figure_: Figure
    ax_: Axes
    line_: Line2D

    def __init__(self, *, found: RateRange) -> None:
        self.found = found
        highest = ABOVE * found.baseline_loss
        self.is_off = ~(found.losses <= highest)
        within = found.losses[~self.is_off]
        self.top = HEADROOM * float(np.max(within, initial=found.baseline_loss))

    @classmethod
    def from_range(cls, found: RateRange, *, ax: Axes | None = None) -> RateFinderDisplay:
        """Draw a range test.

        Parameters
        ----------
        found : RateRange
            What `glassnet.rate_range` found.
        ax : Axes, optional
            Draw here instead of in a new figure.
        """
        return cls(found=found).plot(ax)

    def plot(self, ax: Axes | None = None) -> RateFinderDisplay:
        """Draw it.

        Parameters
        ----------
        ax : Axes, optional
            Draw here instead of in a new figure.
        """
        found = self.found
        with style():
            self.figure_, ax_ = new_axes(ax, 7.2, 4.0)
            self.ax_ = ax_
            if found.low is not None and found.high is not None:
                ax_.axvspan(found.low, found.high, color=TRAIN, alpha=0.08, lw=0)
            ax_.axhline(
                found.baseline_loss, color=MUTED, lw=1, ls=":", label="classes' shares alone"
            )
            (self.line_,) = ax_.plot(
                found.rates,
                np.where(self.is_off, np.nan, found.losses),
                color=TRAIN,
                marker="o",
                ms=4,
                label=f"after {found.epochs} epochs",
            )
            if self.is_off.any():
                edge = np.full(int(self.is_off.sum()), 0.96 * self.top)
                ax_.plot(
                    found.rates[self.is_off],
                    edge,
                    color=HOLDOUT,
                    marker="x",
                    ls="none",
                    label="far above, or diverged",
                )
            if found.suggested is not None:
                ax_.axvline(
                    found.suggested,
                    color=HOLDOUT,
                    ls="--",
                    label=f"suggested: {found.suggested:g}",
                )
            ax_.set_xscale("log")
            ax_.set_ylim(0, self.top)
            ax_.set(xlabel="learning rate (log scale)", ylabel="training loss")
            ax_.grid(axis="y")
            ax_.set_title("Which learning rates learn")
            ax_.legend(loc="lower left").set_in_layout(False)
        return self

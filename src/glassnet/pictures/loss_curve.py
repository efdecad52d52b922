"""Loss curves: the loss of each epoch, of one fit or of several, and of held-out rows."""

from __future__ import annotations

__all__ = ["LossCurveDisplay"]

from collections.abc import Mapping
from typing import Any, final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from glassnet.errors import DataError
from glassnet.pictures.theme import HOLDOUT, TRAIN, colours, new_axes, plain_text, style

LOG_RATIO = 20.0
DASHES = ("-", "--", "-.", ":")


@final
class LossCurveDisplay:
    """Loss against epochs.

    The loss axis is logarithmic where it helps: where all losses are positive and the largest is
    more than 20 times the smallest, so that on a linear axis the end of a curve would lie flat on
    the bottom. Losses that are not finite leave a gap and are named in the legend.

    Beside a fit's training loss its loss on held-out rows can be drawn, in vermilion, with a mark
    where it is lowest: from there on the net learns the training rows by heart.

    Use `from_curves` or `from_estimator` to make one.

    Parameters
    ----------
    curves : mapping of str to array-like (n_iter,)
        Loss of each epoch, by the name of the fit.
    held_out : array-like (n_iter,), optional
        The same of held-out rows, where there is one curve; NaN where it was not measured.

    Attributes
    ----------
    curves : dict of str to ndarray (n_iter,)
        The curves.
    lowest : float
        The smallest finite loss.
    held_out : ndarray (n_iter,) or None
        The loss on held-out rows.
    best_epoch : int or None
        Where it is lowest, counted from 1; None without it.
    log : bool
        Whether the rule above asks for a logarithmic axis.
    figure_, ax_
        Figure and axes, once drawn.
    lines_ : list of matplotlib.lines.Line2D
        The drawn curves; that of held-out rows last.
    best_ : matplotlib.lines.Line2D or None
        The mark where the loss on held-out rows is lowest.
    """

    figure_: Figure
    ax_: Axes
    lines_: list[Line2D]
    best_: Line2D | None

    def __init__(
        self, *, curves: Mapping[str, npt.ArrayLike], held_out: npt.ArrayLike | None = None
    ) -> None:
        self.curves = {name: np.asarray(c, dtype=np.float64) for name, c in curves.items()}
        if not self.curves or any(c.ndim != 1 or not c.size for c in self.curves.values()):
            raise DataError("A loss curve needs the loss of at least one epoch.")
        self.held_out = None if held_out is None else np.asarray(held_out, dtype=np.float64)
        if self.held_out is not None and (self.held_out.ndim != 1 or len(self.curves) != 1):
            raise DataError("A held-out curve (n_iter,) stands beside one training curve.")
        self.best_epoch: int | None = None
        if self.held_out is not None and np.isfinite(self.held_out).any():
            lowest = np.where(np.isfinite(self.held_out), self.held_out, np.inf)
            self.best_epoch = int(lowest.argmin()) + 1
        others = [] if self.held_out is None else [self.held_out]
        losses = np.concatenate([*self.curves.values(), *others])
        losses = losses[np.isfinite(losses)]
        self.lowest = float(losses.min(initial=np.inf))
        self.log = bool(self.lowest > 0 and losses.max(initial=0.0) > LOG_RATIO * self.lowest)

    @classmethod
    def from_curves(
        cls,
        curves: Mapping[str, npt.ArrayLike],
        *,
        held_out: npt.ArrayLike | None = None,
        ax: Axes | None = None,
        log: bool | None = None,
    ) -> LossCurveDisplay:
        """Draw curves by name, e.g. ``{"rate 0.001": …, "rate 1": …}``, or one with `held_out`."""
        return cls(curves=curves, held_out=held_out).plot(ax, log=log)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        *,
        name: str | None = None,
        ax: Axes | None = None,
        log: bool | None = None,
    ) -> LossCurveDisplay:
        """Draw the ``loss_curve_`` of a fitted net, and its ``validation_loss_curve_`` if any.

        The training loss has the penalty of `alpha` in it, that of held-out rows has not.

        Raises
        ------
        DataError
            If the estimator has none: it is not fitted, or has no epochs.
        """
        curve = getattr(estimator, "loss_curve_", None)
        if curve is None:
            raise DataError(f"{type(estimator).__name__} has no loss_curve_ to draw.")
        held_out = getattr(estimator, "validation_loss_curve_", None)
        curves = {name or type(estimator).__name__: curve}
        return cls(curves=curves, held_out=held_out or None).plot(ax, log=log)

    def plot(self, ax: Axes | None = None, *, log: bool | None = None) -> LossCurveDisplay:
        """Draw the curves.

        Parameters
        ----------
        ax : Axes, optional
            Draw here instead of in a new figure.
        log : bool, optional
            Overrides the rule for a logarithmic loss axis.
        """
        use_log = self.log if log is None else log
        with style():
            self.figure_, ax_ = new_axes(ax, 7.2, 4.0)
            self.ax_ = ax_
            self.lines_ = []
            for i, (name, curve) in enumerate(self.curves.items()):
                finite = np.isfinite(curve)
                label = plain_text(name) + ("" if finite.all() else " (diverged)")
                (line,) = ax_.plot(
                    np.arange(1, len(curve) + 1),
                    np.where(finite, curve, np.nan),
                    color=colours(len(self.curves))[i],
                    linestyle=DASHES[i % len(DASHES)],
                    marker="o" if len(curve) == 1 else None,
                    label=label,
                )
                self.lines_.append(line)
            self._draw_held_out(ax_)
            if use_log:
                ax_.set_yscale("log")
                ax_.yaxis.set_major_formatter("{x:g}")
            else:
                ax_.set_ylim(bottom=0.0 if self.lowest >= 0 else None)
            ax_.set(xlabel="epoch", ylabel="loss (log scale)" if use_log else "loss")
            ax_.xaxis.set_major_locator(MaxNLocator(integer=True))
            ax_.grid(axis="y")
            what = "Training loss" if self.held_out is None else "Loss"
            ax_.set_title(
                what + (f", {next(iter(self.curves))}" * (len(self.curves) == 1)),
                # A linear axis may have a factor such as 1e-5 above it, which moves the title.
                y=1.0 if use_log else None,
            )
            if len(self.lines_) > 1:
                # Inside the axes: a layout need not search the best place each time it measures.
                ax_.legend(loc="best").set_in_layout(False)
        return self

    def _draw_held_out(self, ax: Axes) -> None:
        """Draw the loss on held-out rows beside the training loss, with its lowest point."""
        self.best_ = None
        if self.held_out is None:
            return
        self.lines_[0].set(label="training rows", color=TRAIN)
        losses = np.where(np.isfinite(self.held_out), self.held_out, np.nan)
        (line,) = ax.plot(
            np.arange(1, len(losses) + 1), losses, color=HOLDOUT, linestyle="--",
            label="held-out rows",
        )  # fmt: skip
        self.lines_.append(line)
        if self.best_epoch is None:
            return
        lowest = losses[self.best_epoch - 1]
        (self.best_,) = ax.plot(
            [self.best_epoch], [lowest], "o", color=HOLDOUT, markerfacecolor="white",
            markersize=7, label=f"lowest, {lowest:.3g} in epoch {self.best_epoch}",
        )  # fmt: skip

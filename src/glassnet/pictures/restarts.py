"""How much is luck: what each random start of a net reached."""

from __future__ import annotations

__all__ = ["RestartsDisplay"]

import copy
from typing import Any, final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from glassnet.errors import DataError
from glassnet.evaluation import RestartSpread, restart_spread
from glassnet.pictures.theme import HOLDOUT, OKABE_ITO, TRAIN, new_axes, style

CELLS = 48  # of the axis, in which dots that lie together are stacked
STEP = 0.16  # from one of them to the next, in lines of the picture
NOISE = OKABE_ITO[2]


@final
class RestartsDisplay:
    """A dot for each random start, with the spread of the seeds and of finite rows below.

    The kept start is a diamond. The first bar is the mean and two standard deviations to both
    sides: where another seed would lie. The second, where the values are shares of held-out rows,
    is the 95 % interval of the kept start: where it would lie on other rows.

    Use `from_estimator` or `from_values` to make one.

    Parameters
    ----------
    spread : RestartSpread
        What each start reached.

    Attributes
    ----------
    offsets : ndarray (m,)
        How far each dot is moved off its line, so that none hides another.
    figure_, ax_
        Figure and axes, once drawn.
    dots_, kept_ : matplotlib.lines.Line2D
        The dots, and the kept one's mark where it is known.
    """

    figure_: Figure
    ax_: Axes
    dots_: Line2D
    kept_: Line2D | None

    def __init__(self, *, spread: RestartSpread) -> None:
        self.spread = spread
        self.offsets = _stacked(np.asarray(spread.values))

    @classmethod
    def from_values(
        cls,
        values: npt.ArrayLike,
        *,
        kept: int | None = None,
        n_rows: int | None = None,
        what: str = "accuracy",
        ax: Axes | None = None,
    ) -> RestartsDisplay:
        """Draw what starts reached; see `glassnet.evaluation.restart_spread`."""
        return cls(spread=restart_spread(values, kept=kept, n_rows=n_rows, what=what)).plot(ax)

    @classmethod
    def from_estimator(
        cls, estimator: Any, X: Any = None, y: Any = None, *, ax: Axes | None = None
    ) -> RestartsDisplay:
        """Draw the ``restarts_`` of a net that was fitted with ``n_restarts``.

        Parameters
        ----------
        estimator : MLPClassifier or MLPRegressor
            The net.
        X, y : array-like of shape (n, d) and (n,), optional
            Held-out rows on which each start is scored, which needs ``keep_restarts=True``; only
            these have an interval. Without them each start's best validation score is drawn, or,
            without validation rows, its training loss.
        ax : Axes, optional
            Draw here instead of in a new figure.

        Raises
        ------
        DataError
            If it has no restarts, or these were not kept though rows are given.
        """
        restarts = getattr(estimator, "restarts_", None)
        if not restarts:
            raise DataError(
                f"{type(estimator).__name__} has no restarts_ to draw: fit an MLPClassifier or "
                "MLPRegressor with n_restarts=10."
            )
        kept = _kept(estimator, restarts)
        is_share = hasattr(estimator, "classes_")
        score = "accuracy" if is_share else "R²"
        if X is not None:
            values = [_score(estimator, one, X, y) for one in restarts]
            n_rows = len(y) if is_share else None
            return cls.from_values(
                values, kept=kept, n_rows=n_rows, what=f"held-out {score}", ax=ax
            )
        if all(one.score is not None for one in restarts):
            named = score if getattr(estimator, "scoring", None) is None else "score"
            values = [np.nan if one.stop == "diverged" else one.score for one in restarts]
            return cls.from_values(values, kept=kept, what=f"best validation {named}", ax=ax)
        values = [np.nan if one.stop == "diverged" else one.loss for one in restarts]
        return cls.from_values(values, kept=kept, what="training loss", ax=ax)

    def plot(self, ax: Axes | None = None) -> RestartsDisplay:
        """Draw the dots and the bars.

        Parameters
        ----------
        ax : Axes, optional
            Draw here instead of in a new figure.
        """
        spread = self.spread
        values = np.asarray(spread.values)
        count = int(np.isfinite(values).sum())
        lines = [f"{count} random start{'s' * (count > 1)}"]
        reach = max(0.5, float(np.nanmax(np.abs(self.offsets))) + 0.3)
        with style():
            n_lines = 1 + np.isfinite(spread.sd) + (spread.interval_low is not None)
            self.figure_, self.ax_ = new_axes(ax, 7.2, 1.1 + 0.55 * (n_lines - 1 + 2 * reach))
            self._draw_starts(values)
            if np.isfinite(spread.sd):
                ends = (spread.mean - 2 * spread.sd, spread.mean + 2 * spread.sd)
                self._bar(reach + 0.5, ends, spread.mean, TRAIN)
                lines.append("mean ± 2 sd: another seed")
            if spread.interval_low is not None and spread.interval_high is not None:
                share = spread.mean if spread.kept is None else values[spread.kept]
                ends = (spread.interval_low, spread.interval_high)
                self._bar(reach + len(lines) - 0.5, ends, float(share), NOISE)
                lines.append(f"95 % interval: {spread.n_rows} other rows")
            places = [0.0, *(reach + 0.5 + i for i in range(len(lines) - 1))]
            self.ax_.set_yticks(places, lines)
            self.ax_.set_ylim(places[-1] + max(0.5, reach * (len(lines) == 1)), -reach)
            self.ax_.tick_params(axis="y", length=0)
            self.ax_.spines["left"].set_visible(False)
            self.ax_.margins(x=0.08)
            self.ax_.grid(axis="x")
            self.ax_.set_xlabel(spread.what)
            self.ax_.set_title(self._title(), y=1.0)
        return self

    def _draw_starts(self, values: npt.NDArray[np.float64]) -> None:
        kept = self.spread.kept
        others = np.isfinite(values)
        if kept is not None:
            others[kept] = False
        (self.dots_,) = self.ax_.plot(
            values[others], self.offsets[others], "o", color=TRAIN, alpha=0.75, markersize=6,
            markeredgewidth=0,
        )  # fmt: skip
        self.kept_ = None
        if kept is not None:
            (self.kept_,) = self.ax_.plot(
                values[kept], self.offsets[kept], "D", color=HOLDOUT, markersize=8
            )
            self.ax_.annotate(
                "kept", (values[kept], self.offsets[kept]), (0, 8), textcoords="offset points",
                ha="center", fontsize=9, color=HOLDOUT,
            ).set_in_layout(False)  # fmt: skip

    def _bar(self, place: float, ends: tuple[float, float], middle: float, colour: str) -> None:
        self.ax_.plot(ends, (place, place), color=colour, linewidth=5, solid_capstyle="butt")
        self.ax_.plot(middle, place, "|", color="white", markersize=6, markeredgewidth=1.6)

    def _title(self) -> str:
        lost = self.spread.n_diverged
        return "How much is luck?" + (f" ({lost} of the starts diverged)" if lost else "")


def _stacked(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return how far to move each dot so that those of nearly the same value lie side by side."""
    offsets = np.full(len(values), np.nan)
    finite = np.isfinite(values)
    low, high = values[finite].min(), values[finite].max()
    cells = np.zeros(len(values), dtype=int)
    if high > low:
        cells[finite] = np.rint((values[finite] - low) / (high - low) * CELLS)
    for cell in np.unique(cells[finite]):
        among = np.flatnonzero(finite & (cells == cell))
        offsets[among] = STEP * (np.arange(len(among)) - (len(among) - 1) / 2)
    return offsets


def _kept(estimator: Any, restarts: Any) -> int:
    """Return which start was kept: by the score where that stops the training, else by the loss."""
    by_score = estimator.best_loss_ is None
    badness = [
        np.inf if one.stop == "diverged" else -one.score if by_score else one.loss
        for one in restarts
    ]
    return int(np.nanargmin(badness))


def _score(estimator: Any, restart: Any, X: Any, y: Any) -> float:
    if restart.coefs is None:
        raise DataError(
            "The starts' nets were not kept, so that they cannot be scored on rows: fit with "
            "keep_restarts=True, or draw the restarts without X and y."
        )
    if restart.stop == "diverged":
        return np.nan
    net = copy.copy(estimator)
    net.coefs_, net.intercepts_ = list(restart.coefs), list(restart.intercepts)
    return float(net.score(X, y))

"""Success rates of each class, training and held-out rows side by side, with their intervals."""

from __future__ import annotations

__all__ = ["SuccessRatesDisplay"]

from collections.abc import Mapping, Sequence
from math import floor
from typing import Any, final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator, PercentFormatter

from glassnet.errors import DataError
from glassnet.evaluation import SuccessRates, success_rates
from glassnet.pictures.theme import HOLDOUT, TRAIN, colours, new_axes, plain_text, style

TRAINING_ROWS, HELD_OUT_ROWS = "training rows", "held-out rows"
MARKERS = "oDs^v"
WIDTH = 7.2  # inches
LONGEST = 32  # characters of a class name
CHARACTERS = 100  # that fit side by side


@final
class SuccessRatesDisplay:
    """One line a class: its success rate as a mark, its 95 % Wilson interval as whiskers.

    Marks stand at their place on an axis, so the axis need not start at 0: it starts at the
    multiple of 10 % below the lowest whisker, at most at 90 %.

    Use `from_rates`, `from_estimator` or `from_predictions` to make one.

    Parameters
    ----------
    rates : mapping of str to SuccessRates
        What to show side by side, by name; all of the same classes.

    Attributes
    ----------
    labels : tuple of str (k,)
        The classes, from top to bottom.
    figure_, ax_
        Figure and axes, once drawn.
    errorbars_ : dict of str to ErrorbarContainer
        The drawn marks and whiskers, by name.
    """

    figure_: Figure
    ax_: Axes

    def __init__(self, *, rates: Mapping[str, SuccessRates]) -> None:
        if not rates:
            raise DataError("There are no success rates to draw.")
        self.rates = dict(rates)
        label_sets = {tuple(rate.label for rate in each.classes) for each in self.rates.values()}
        if len(label_sets) > 1:
            raise DataError("Success rates side by side must be of the same classes.")
        self.labels = label_sets.pop()

    @classmethod
    def from_rates(
        cls, rates: Mapping[str, SuccessRates] | SuccessRates, *, ax: Axes | None = None
    ) -> SuccessRatesDisplay:
        """Draw success rates that were counted before.

        Parameters
        ----------
        rates : mapping of str to SuccessRates, or SuccessRates
            E.g. ``{"training rows": …, "held-out rows": …}`` or two models on the same rows.
        ax : Axes, optional
            Draw here instead of in a new figure.
        """
        named = {"rows": rates} if isinstance(rates, SuccessRates) else rates
        return cls(rates=named).plot(ax)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        y: npt.ArrayLike,
        *,
        X_holdout: Any = None,
        y_holdout: npt.ArrayLike | None = None,
        class_names: Sequence[str] | None = None,
        ax: Axes | None = None,
    ) -> SuccessRatesDisplay:
        """Draw the success rates of a fitted classifier.

        Parameters
        ----------
        estimator : object with ``predict`` and ``classes_``
            A fitted classifier.
        X, y : array-like (n, d), (n,)
            Training rows.
        X_holdout, y_holdout : array-like, optional
            Rows that the estimator never saw.
        class_names : sequence of str (k,), optional
            What to call each of ``estimator.classes_``.
        ax : Axes, optional
            Draw here instead of in a new figure.
        """
        if (X_holdout is None) != (y_holdout is None):
            raise DataError("Held-out rows need both X_holdout and y_holdout.")
        classes = estimator.classes_
        rates = {TRAINING_ROWS: success_rates(y, estimator.predict(X), classes, class_names)}
        if X_holdout is not None and y_holdout is not None:
            predicted = estimator.predict(X_holdout)
            rates[HELD_OUT_ROWS] = success_rates(y_holdout, predicted, classes, class_names)
        return cls(rates=rates).plot(ax)

    @classmethod
    def from_predictions(
        cls,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        *,
        name: str = "rows",
        classes: npt.ArrayLike | None = None,
        class_names: Sequence[str] | None = None,
        ax: Axes | None = None,
    ) -> SuccessRatesDisplay:
        """Draw the success rates of assigned labels on one set of rows.

        Parameters
        ----------
        y_true, y_pred : array-like (n,)
            True and assigned labels.
        name : str, default "rows"
            What the rows are, e.g. "held-out rows".
        classes : array-like (k,), optional
            All labels; by default those that occur.
        class_names : sequence of str (k,), optional
            What to call each class.
        ax : Axes, optional
            Draw here instead of in a new figure.
        """
        if classes is None:
            classes = np.unique(np.concatenate([np.asarray(y_true), np.asarray(y_pred)]))
        return cls(rates={name: success_rates(y_true, y_pred, classes, class_names)}).plot(ax)

    def plot(self, ax: Axes | None = None) -> SuccessRatesDisplay:
        """Draw the rates.

        Parameters
        ----------
        ax : Axes, optional
            Draw here instead of in a new figure.
        """
        k = len(self.labels)
        step = 0.34 if k <= 12 else 0.26 if k <= 30 else 0.19
        with style():
            self.figure_, ax_ = new_axes(ax, WIDTH, 1.5 + step * k)
            self.ax_ = ax_
            self.errorbars_ = {
                name: self._draw_one(ax_, i, name) for i, name in enumerate(self.rates)
            }
            names = [plain_text(label, LONGEST) for label in self.labels]
            ax_.set_yticks(range(k), names, fontsize=9.0 if k <= 30 else 7.5)
            ax_.set_ylim(k - 0.5, -0.5)
            ax_.set_xlim(self.axis_start, 1.0 + 0.02 * (1 - self.axis_start))
            step_x = 0.02 if self.axis_start >= 0.9 else 0.05 if self.axis_start >= 0.6 else 0.1
            ax_.xaxis.set_major_locator(MultipleLocator(step_x))
            ax_.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
            ax_.set_xlabel("rows that got their own label, with 95 % interval")
            ax_.set_ylabel("class")
            ax_.tick_params(axis="y", length=0)
            ax_.grid(axis="x")
            across = ax_.get_yaxis_transform()
            between = np.arange(1, k) - 0.5
            ax_.hlines(between, 0, 1, "#f0f0f0", linewidth=0.6, zorder=0, transform=across)
            self._draw_legend(ax_)
        return self

    @property
    def axis_start(self) -> float:
        """Left end of the axis: the multiple of 10 % below the lowest whisker, at most 90 %."""
        lowest = min(rate.low for each in self.rates.values() for rate in each.classes if rate.rows)
        return min(floor(10 * lowest) / 10, 0.9)

    def _draw_legend(self, ax: Axes) -> None:
        """Name the marks above the axes: on one line where that fits, else on a line each."""
        labels = [bar.get_label() for bar in self.errorbars_.values()]
        longest = min(max(map(len, self.labels)), LONGEST)
        fits = sum(len(str(label)) + 7 for label in labels) + longest <= CHARACTERS
        ax.legend(
            loc="lower left",
            bbox_to_anchor=(0.0, 1.0),
            ncols=len(labels) if fits else 1,
            borderaxespad=0.4,
            borderpad=0.0,
            handletextpad=0.3,
        )
        n_lines = 1 if fits else len(labels)
        ax.set_title("Success rate of each class", pad=14 + 16 * n_lines, y=1.0)

    def _draw_one(self, ax: Axes, i: int, name: str) -> ErrorbarContainer:
        each, m = self.rates[name], len(self.rates)
        place = [j for j, rate in enumerate(each.classes) if rate.rate is not None]
        shown = [each.classes[j] for j in place]
        values = np.array([rate.correct / rate.rows for rate in shown])
        low = np.array([rate.low for rate in shown])
        high = np.array([rate.high for rate in shown])
        colour = {TRAINING_ROWS: TRAIN, HELD_OUT_ROWS: HOLDOUT}.get(name, colours(m)[i % m])
        return ax.errorbar(
            values,
            np.array(place) + 0.44 * ((i + 0.5) / m - 0.5),
            xerr=np.maximum([values - low, high - values], 0.0),
            fmt=MARKERS[i % len(MARKERS)],
            markersize=5.0 if len(self.labels) <= 30 else 3.5,
            markerfacecolor="white" if i == 0 and m > 1 else colour,
            color=colour,
            elinewidth=1.2,
            capsize=0,
            label=f"{plain_text(name)}: {100 * each.accuracy:.1f} % of {each.rows}",
        )

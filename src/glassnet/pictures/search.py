"""A search as a picture: the score of each candidate against each parameter that was searched."""

from __future__ import annotations

__all__ = ["SearchDisplay"]

from collections.abc import Mapping
from numbers import Real
from typing import Any, final

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassnet.errors import DataError
from glassnet.pictures.panels import name_ticks_below
from glassnet.pictures.theme import MUTED, OKABE_ITO, TRAIN, plain_text, sheet_title, style
from glassnet.pictures.values import are_numbers, value_name

LOG_RATIO = 20.0
MOST_COLUMNS = 3
MOST_TICKS = 6
PANEL = 3.0  # inches
LONGEST = 30  # characters of a parameter's name


@final
class SearchDisplay:
    """The mean score of each candidate against the values of each searched parameter.

    Candidates that were trained to the end are filled, those that were stopped on the way are
    rings (their score is that of fewer epochs); the best is a star. The bar is one standard
    deviation over the folds, up and down. Works on the ``cv_results_`` of scikit-learn's searches
    as well.

    Parameters
    ----------
    scores, spreads : array-like (c,)
        Mean score of each candidate, and its standard deviation over folds.
    parameters : mapping of str to sequence (c,)
        The values of each parameter; None where a candidate does not set it.
    is_whole : array-like of bool (c,)
        Whether a candidate was trained to the end.
    best : int
        The best candidate.

    Attributes
    ----------
    figure_, axes_
        Figure and the axes, one a parameter, once drawn.
    """

    figure_: Figure
    axes_: list[Axes]

    def __init__(
        self,
        *,
        scores: npt.ArrayLike,
        spreads: npt.ArrayLike,
        parameters: Mapping[str, Any],
        is_whole: npt.ArrayLike,
        best: int,
    ) -> None:
        self.scores = np.asarray(scores, dtype=np.float64)
        self.spreads = np.asarray(spreads, dtype=np.float64)
        self.is_whole = np.asarray(is_whole, dtype=bool)
        self.parameters = {name: list(values) for name, values in parameters.items()}
        self.best = int(best)
        if not self.parameters or not np.isfinite(self.scores).any():
            raise DataError("A picture of a search needs a parameter and a candidate with a score.")

    @classmethod
    def from_estimator(cls, search: Any, *, figure: Figure | None = None) -> SearchDisplay:
        """Draw a fitted `MLPClassifierCV`, `GridSearchCV` or the like.

        Raises
        ------
        DataError
            If it has no ``cv_results_``.
        """
        found = getattr(search, "cv_results_", None)
        if found is None:
            raise DataError(f"{type(search).__name__} has no cv_results_: fit it first.")
        return cls.from_results(found, figure=figure)

    @classmethod
    def from_results(
        cls, found: Mapping[str, Any], *, figure: Figure | None = None
    ) -> SearchDisplay:
        """Draw a ``cv_results_``."""
        rungs = np.asarray(found.get("rung", np.zeros(len(found["params"]))))
        names = sorted({name for each in found["params"] for name in each})
        values = {name: [each.get(name) for each in found["params"]] for name in names}
        several = {
            name: of for name, of in values.items() if len({repr(value) for value in of}) > 1
        }
        return cls(
            scores=found["mean_test_score"],
            spreads=found["std_test_score"],
            parameters=several or values,
            is_whole=rungs == rungs.max(),
            best=int(np.argmin(found["rank_test_score"])),
        ).plot(figure)

    def plot(self, figure: Figure | None = None) -> SearchDisplay:
        """Draw the panels.

        Parameters
        ----------
        figure : Figure, optional
            Draw here, after it is emptied, instead of in a new figure.
        """
        n = len(self.parameters)
        columns = min(n, MOST_COLUMNS)
        rows = -(-n // columns)
        with style():
            if figure is None:
                figure = plt.figure(figsize=(1.2 + PANEL * columns, 0.7 + 2.9 * rows))
                figure.set_layout_engine("constrained")
            else:
                figure.clear()
            axes = figure.subplots(rows, columns, sharey=True, squeeze=False).ravel()
            for ax in axes[n:]:
                ax.set_axis_off()
            self.figure_, self.axes_ = figure, list(axes[:n])
            for ax, (name, values) in zip(self.axes_, self.parameters.items(), strict=True):
                self._panel(ax, name, values)
            for ax in axes[:n:columns]:
                ax.set_ylabel("mean score of the folds")
            self._explain(self.axes_[0])
            best = self.scores[self.best]
            sheet_title(figure, f"{len(self.scores)} candidates, best score {best:.4g}")
        return self

    def _panel(self, ax: Axes, name: str, values: list[Any]) -> None:
        places, ticks = _places(values)
        if ticks is None:
            if places.min() > 0 and places.max() > LOG_RATIO * places.min():
                ax.set_xscale("log")
            values_there = np.unique(places)
            if len(values_there) <= MOST_TICKS:
                ax.set_xticks(values_there, [f"{value:g}" for value in values_there])
                ax.set_xticks([], minor=True)
        else:
            name_ticks_below(ax, np.arange(len(ticks)), ticks, PANEL - 0.4)
            ax.set_xlim(-0.6, len(ticks) - 0.4)
        there = np.isfinite(self.scores)
        for chosen, face, label in (
            (there & ~self.is_whole, "white", "stopped on the way"),
            (there & self.is_whole, TRAIN, "trained to the end"),
        ):
            if not chosen.any():
                continue
            ax.errorbar(
                places[chosen],
                self.scores[chosen],
                yerr=self.spreads[chosen],
                fmt="o",
                markersize=5,
                markerfacecolor=face,
                color=TRAIN,
                ecolor=MUTED,
                elinewidth=0.7,
                linestyle="none",
                label=label,
                zorder=2,
            )
        ax.plot(
            places[[self.best]],
            self.scores[[self.best]],
            "*",
            markersize=14,
            color=OKABE_ITO[1],
            markeredgecolor="white",
            label="best",
            zorder=4,
            linestyle="none",
        )
        ax.set_xlabel(plain_text(name, LONGEST))
        ax.grid(axis="y")

    def _explain(self, ax: Axes) -> None:
        handles, labels = ax.get_legend_handles_labels()
        self.figure_.legend(
            handles, labels, loc="outside lower center", ncols=len(labels), handletextpad=0.3
        )


def _places(values: list[Any]) -> tuple[npt.NDArray[np.float64], list[str] | None]:
    """Return where values stand on an axis, and what to call the places if they are no numbers."""
    if are_numbers(values):
        return np.array([float(value) for value in values]), None
    names = list(dict.fromkeys(value_name(value) for value in sorted(values, key=_order)))
    return np.array([float(names.index(value_name(value))) for value in values]), names


def _order(value: Any) -> tuple[int, Any]:
    if isinstance(value, (tuple, list)):
        return (1, (len(value), tuple(value)))
    if isinstance(value, Real):
        return (2, (0, (float(value),)))
    return (0, (0, (str(value),)))

"""The weight matrix of a net's first layer."""

from __future__ import annotations

__all__ = ["WeightMatrixDisplay", "symmetric_limit"]

from collections.abc import Sequence
from typing import Any, final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colorbar import Colorbar
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.ticker import MaxNLocator

from glassnet.errors import DataError
from glassnet.pictures.inputs import first_layer
from glassnet.pictures.theme import DIVERGING, new_axes, plain_text, style

MAX_NAMED = 40  # features whose names fit below the matrix
CHARACTER, AXIS = 0.085, 7.0  # inches of a character of a name, and of the axis
MAX_COLUMNS = 1000  # more columns than the picture has pixels: neighbours are averaged


@final
class WeightMatrixDisplay:
    """Weights from each input (columns) into each hidden unit (rows).

    The colour scale is centred at zero. It ends at the largest weight, or, where a few weights
    are far larger than the rest, at the 99.5th percentile of their sizes; the colour bar then has
    pointed ends.

    Use `from_estimator` or `from_weights` to make one.

    Parameters
    ----------
    weights : ndarray (h, d)
        Row j holds the incoming weights of unit j.
    feature_names : sequence of str (d,), optional
        Printed below the columns where there are at most 40.

    Attributes
    ----------
    limit : float
        The colour scale runs from -limit to limit.
    figure_, ax_, image_, colorbar_
        What was drawn.
    """

    figure_: Figure
    ax_: Axes
    image_: AxesImage
    colorbar_: Colorbar

    def __init__(
        self, *, weights: npt.NDArray[np.float64], feature_names: Sequence[str] | None = None
    ) -> None:
        if weights.ndim != 2 or not weights.size:
            raise DataError(f"A weight matrix is (h, d), not {weights.shape}.")
        if feature_names is not None and len(feature_names) != weights.shape[1]:
            raise DataError(
                f"{len(feature_names)} feature names were given for {weights.shape[1]} features."
            )
        self.weights = weights
        self.feature_names = None if feature_names is None else tuple(map(str, feature_names))
        self.limit, self.clipped = symmetric_limit(weights)

    @classmethod
    def from_weights(
        cls,
        coef: npt.ArrayLike,
        *,
        feature_names: Sequence[str] | None = None,
        ax: Axes | None = None,
    ) -> WeightMatrixDisplay:
        """Draw ``coef`` (d, h), a column a unit, as in ``coefs_[0]``."""
        weights = np.asarray(coef, dtype=np.float64).T
        return cls(weights=weights, feature_names=feature_names).plot(ax)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        *,
        feature_names: Sequence[str] | None = None,
        ax: Axes | None = None,
    ) -> WeightMatrixDisplay:
        """Draw the first of the ``coefs_`` of a fitted net."""
        return cls.from_weights(first_layer(estimator), feature_names=feature_names, ax=ax)

    def plot(self, ax: Axes | None = None) -> WeightMatrixDisplay:
        """Draw the matrix.

        Parameters
        ----------
        ax : Axes, optional
            Draw here instead of in a new figure.
        """
        h, d = self.weights.shape
        named = self.feature_names is not None and d <= MAX_NAMED
        with style():
            names = [plain_text(name, 22) for name in self.feature_names or ()]
            upright = named and max(map(len, names)) * CHARACTER > AXIS / d
            height = min(max(1.6 + 0.11 * h, 2.6), 7.0) + (0.9 if upright else 0.0)
            self.figure_, ax_ = new_axes(ax, 9.0, height)
            self.ax_ = ax_
            self.image_ = ax_.imshow(
                self.weights,
                cmap=DIVERGING,
                vmin=-self.limit,
                vmax=self.limit,
                aspect="auto",
                interpolation="nearest" if d <= MAX_COLUMNS else "auto",
            )
            ax_.spines[:].set_visible(False)
            ax_.yaxis.set_major_locator(MaxNLocator(nbins=10, integer=True))
            ax_.set(xlabel="input", ylabel="hidden unit")
            if named:
                ax_.set_xticks(range(d), names, rotation=90 if upright else 0, fontsize=8)
                ax_.set_xlabel("")
            else:
                ax_.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=True))
            ax_.set_title(f"Weights of the first layer: {d} inputs into {h} units", y=1.0)
            self.colorbar_ = self.figure_.colorbar(
                self.image_, ax=ax_, pad=0.02, extend="both" if self.clipped else "neither"
            )
            self.colorbar_.set_label("weight")
            self.colorbar_.outline.set_visible(False)
        return self


def symmetric_limit(weights: npt.NDArray[np.float64]) -> tuple[float, bool]:
    """Return where a scale centred at zero ends, and whether it leaves out larger weights."""
    sizes = np.abs(weights[np.isfinite(weights)])
    largest = float(sizes.max(initial=0.0))
    usual = float(np.percentile(sizes, 99.5)) if sizes.size else 0.0
    if usual > 0 and largest > 2 * usual:
        return usual, True
    return (largest or 1.0), False

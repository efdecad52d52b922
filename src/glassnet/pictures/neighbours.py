"""Rows beside the training examples that are nearest to them."""

from __future__ import annotations

__all__ = ["NeighboursDisplay"]

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.text import Text

from glassnet.errors import DataError
from glassnet.evaluation import Neighbours, nearest_examples
from glassnet.pictures.captions import Captions
from glassnet.pictures.inputs import as_pictures, opened, printed_labels
from glassnet.pictures.mosaic import Mosaic, scaled_for_display
from glassnet.pictures.theme import INK, MUTED, OKABE_ITO, WRONG, new_axes, plain_text, style

if TYPE_CHECKING:
    from glassnet.data import ImageShape

WIDTH = 7.2  # inches
LONGEST = 18  # characters of a class name
CHARACTER, AXIS = 0.073, 4.8  # inches of a character and, at least, of the axis
SAME = OKABE_ITO[0]


@final
class NeighboursDisplay:
    """A line a row: first the row, then the training examples nearest to it.

    An example of another class than the row's is marked by colour and by its label. Where rows are
    pictures so are the lines; else an example stands at its distance.

    Use `from_neighbours` or `from_estimator` to make one.

    Parameters
    ----------
    neighbours : Neighbours
        Of q rows.
    labels : sequence of str (q,)
        The rows' labels, as printed.
    labels_of_examples : sequence of sequence of str (q, m)
        Those of the neighbours.
    numbers : sequence of int (q,)
        The rows' numbers.
    images : ndarray (q, m + 1, height, width[, 3]), optional
        Each row with its neighbours, as pictures.

    Attributes
    ----------
    differs : ndarray (q, m) of bool
        Where a neighbour has another label than the row.
    figure_, ax_
        Figure and axes, once drawn.
    image_ : matplotlib.image.AxesImage or None
        The drawn pictures, all on one sheet.
    texts_ : list of matplotlib.text.Text
        Their captions, or the labels at the distances.
    """

    figure_: Figure
    ax_: Axes
    image_: AxesImage | None
    texts_: list[Text]

    def __init__(
        self,
        *,
        neighbours: Neighbours,
        labels: Sequence[str],
        labels_of_examples: Sequence[Sequence[str]],
        numbers: Sequence[int],
        images: npt.NDArray[Any] | None = None,
    ) -> None:
        self.neighbours, self.images = neighbours, images
        self.labels, self.numbers = tuple(labels), tuple(numbers)
        self.labels_of_examples = tuple(tuple(each) for each in labels_of_examples)
        if not self.labels:
            raise DataError("There are no rows to draw.")
        self.differs = np.array(
            [[n != own for n in near] for own, near in zip(labels, labels_of_examples, strict=True)]
        )

    @classmethod
    def from_neighbours(
        cls,
        neighbours: Neighbours,
        X_examples: npt.ArrayLike,
        y_examples: npt.ArrayLike,
        X: npt.ArrayLike,
        y: npt.ArrayLike,
        *,
        rows: npt.ArrayLike | None = None,
        image: ImageShape | None = None,
        classes: npt.ArrayLike | None = None,
        class_names: Sequence[str] | None = None,
        ax: Axes | None = None,
    ) -> NeighboursDisplay:
        """Draw neighbours that were found before.

        Parameters
        ----------
        neighbours : Neighbours
            Of the rows X among ``X_examples``.
        X_examples, y_examples : array-like (n, d), (n,)
            The examples with their labels.
        X, y : array-like (q, d), (q,)
            The rows with theirs.
        rows : array-like (q,) of int, optional
            What number to print for each row; by default 0..q-1.
        image : ImageShape, optional
            How a row unrolls, where rows are pictures.
        classes, class_names : array-like (k,), sequence of str (k,), optional
            What to print for each label.
        ax : Axes, optional
            Draw here instead of in a new figure.
        """
        near = neighbours.rows
        examples = np.asarray(y_examples)[near]
        images = None
        if image is not None:
            own = as_pictures(X, image, "The picture of neighbours")
            theirs = as_pictures(np.asarray(X_examples)[near.ravel()], image, "It")
            theirs = theirs.reshape(*near.shape, *theirs.shape[1:])
            images = np.concatenate([own[:, None], theirs], axis=1)
        return cls(
            neighbours=neighbours,
            labels=printed_labels(y, classes, class_names),
            labels_of_examples=[printed_labels(each, classes, class_names) for each in examples],
            numbers=range(len(near)) if rows is None else np.asarray(rows).tolist(),
            images=images,
        ).plot(ax)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X_train: Any,
        y_train: npt.ArrayLike,
        X: Any,
        y: npt.ArrayLike,
        *,
        rows: npt.ArrayLike,
        n_neighbors: int = 5,
        image: ImageShape | None = None,
        class_names: Sequence[str] | None = None,
        ax: Axes | None = None,
    ) -> NeighboursDisplay:
        """Draw the examples nearest in what the last hidden layer of a fitted net makes of them.

        Parameters
        ----------
        estimator : MLPClassifier or Pipeline
            A fitted net, ours or scikit-learn's.
        X_train, y_train : array-like (n, d), (n,)
            The examples to find among.
        X, y : array-like (v, d), (v,)
            Other rows with their labels.
        rows : array-like of int
            Which of them.
        n_neighbors : int, default 5
            Examples a row.
        image, class_names, ax
            As in `from_neighbours`.
        """
        net, examples = opened(estimator, X_train)
        chosen = np.asarray(rows, dtype=np.intp)
        _, taken = opened(estimator, X)
        if not net.n_hidden:
            raise DataError("A net without hidden layers has no space of its own.")
        found = nearest_examples(
            net.layers(examples).activations[-1],
            net.layers(taken[chosen]).activations[-1],
            n_neighbors=n_neighbors,
        )
        return cls.from_neighbours(
            found, X_train, y_train, np.asarray(X)[chosen], np.asarray(y)[chosen], rows=chosen,
            image=image, classes=estimator.classes_, class_names=class_names, ax=ax,
        )  # fmt: skip

    def plot(self, ax: Axes | None = None) -> NeighboursDisplay:
        """Draw the rows.

        Parameters
        ----------
        ax : Axes, optional
            Draw here instead of in a new figure.
        """
        with style():
            if self.images is not None:
                self._plot_images(self.images, ax)
            else:
                self._plot_distances(ax)
            self.ax_.set_title("Rows, and the training examples nearest to them", y=1.0)
        return self

    def _plot_images(self, images: npt.NDArray[Any], ax: Axes | None) -> None:
        columns = images.shape[1]
        flat = images.reshape(-1, *images.shape[2:])
        texts = []
        for own, number, near in zip(
            self.labels, self.numbers, self.labels_of_examples, strict=True
        ):
            texts += [f"row {number}: {own}", *near]
        captions = Captions.above(flat, texts, columns, WIDTH)
        mosaic = Mosaic(scaled_for_display(flat), columns, captions.room)
        height, width = mosaic.extent
        self.figure_, self.ax_ = new_axes(ax, WIDTH, WIDTH * height / width + 0.4)
        self.image_ = mosaic.draw(self.ax_, cmap="gray", vmin=flat.min(), vmax=flat.max())
        self.texts_ = captions.draw(self.ax_, mosaic)
        for i, text in enumerate(self.texts_):
            line, column = divmod(i, columns)
            if column and self.differs[line, column - 1]:
                text.set(color=WRONG, fontweight="bold")
                mosaic.frame(self.ax_, i, WRONG, 2.0)
            elif not column:
                text.set_fontweight("bold")
                mosaic.frame(self.ax_, i, INK, 1.5)

    def _plot_distances(self, ax: Axes | None) -> None:
        q = len(self.labels)
        self.figure_, ax_ = new_axes(ax, WIDTH, 1.2 + 0.42 * q)
        self.ax_, self.image_, self.texts_ = ax_, None, []
        for line, (near, differs) in enumerate(
            zip(self.labels_of_examples, self.differs, strict=True)
        ):
            distances = self.neighbours.distances[line]
            shades = [WRONG if other else SAME for other in differs]
            ax_.scatter(distances, np.full(len(near), line), c=shades, s=28, zorder=2)
            ax_.hlines(line, 0, distances.max(), color="#dddddd", linewidth=1.0, zorder=1)
            others = [plain_text(n, LONGEST) for n, d in zip(near, differs, strict=True) if d]
            told = ", ".join(dict.fromkeys(others)) if others else "all of its class"
            told = told if len(told) <= 2 * LONGEST else f"{told[: 2 * LONGEST - 1]}…"
            self.texts_.append(
                ax_.annotate(
                    told, (distances.max(), line), xytext=(7, 0), textcoords="offset points",
                    va="center", fontsize=8.5, color=WRONG if others else MUTED,
                )
            )  # fmt: skip
        names = zip(self.numbers, self.labels, strict=True)
        ax_.set_yticks(range(q), [f"row {i}: {plain_text(own, LONGEST)}" for i, own in names])
        far = float(self.neighbours.distances.max()) or 1.0
        longest = max(len(text.get_text()) for text in self.texts_)
        room = (0.2 + CHARACTER * longest) / AXIS  # of the axis' width
        ax_.set(xlim=(0, far / (1 - room)), ylim=(q - 0.5, -0.5))
        ax_.set_xlabel("distance (blue: of the row's class; vermilion: of another, as named)")
        ax_.tick_params(axis="y", length=0)
        ax_.spines["left"].set_visible(False)
        ax_.grid(axis="x")

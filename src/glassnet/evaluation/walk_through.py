"""One example all the way through a net: layers, probabilities, and which inputs spoke."""

from __future__ import annotations

__all__ = ["Example", "class_votes", "walk_through"]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from glassnet.errors import DataError
from glassnet.evaluation.attributions import attributions
from glassnet.evaluation.class_measures import ClassMeasure
from glassnet.evaluation.labels import class_positions, names_of
from glassnet.evaluation.net import FittedNet
from glassnet.evaluation.plain import Plain

Array = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Example(Plain):
    """One row on its way through a net.

    Attributes
    ----------
    row : int
        Its number.
    true : str or None
        Its label, where that is known.
    predicted : str
        The likeliest class.
    activations : tuple of ndarray (h_l,)
        Of each hidden layer.
    votes : ndarray (h_last,)
        What each unit of the last hidden layer adds to the score of the class explained, over the
        mean of what it adds to the other classes.
    labels : tuple of str (k,)
        The classes.
    probabilities : ndarray (k,)
        Of each.
    explained : str
        The class that votes and attributions are of.
    gradient_x_input, integrated_gradients : ndarray (d,)
        See `attributions`.
    value, baseline_value, gap : float
        See `attributions`: the measure at the row and at the baseline, and what the integrated
        gradients miss of the difference.
    """

    row: int
    true: str | None
    predicted: str
    activations: tuple[Array, ...]
    votes: Array
    labels: tuple[str, ...]
    probabilities: Array
    explained: str
    gradient_x_input: Array
    integrated_gradients: Array
    value: float
    baseline_value: float
    gap: float

    @property
    def is_right(self) -> bool | None:
        """Whether the likeliest class is the true one; None where that is not known."""
        return None if self.true is None else self.true == self.predicted

    def sentence(self) -> str:
        """Return in words what the net says of the row."""
        order = np.argsort(-self.probabilities, kind="stable")
        said = f"{self.predicted} ({100 * self.probabilities[order[0]]:.1f} %)"
        next_ = f"{self.labels[order[1]]} ({100 * self.probabilities[order[1]]:.1f} %)"
        text = f"Row {self.row}: the net says {said}, next {next_}"
        if self.true is None:
            return f"{text}."
        return f"{text}; it is {'right' if self.is_right else f'wrong, the label is {self.true}'}."


def walk_through(
    net: FittedNet,
    X: Any,
    classes: npt.ArrayLike,
    class_names: Sequence[str] | None = None,
    *,
    y: npt.ArrayLike | None = None,
    rows: npt.ArrayLike | None = None,
    explain: npt.ArrayLike | None = None,
    baseline: npt.ArrayLike | None = None,
    of: ClassMeasure = "log_odds",
    n_steps: int = 64,
) -> tuple[Example, ...]:
    """Follow rows through a net.

    Parameters
    ----------
    net : FittedNet
        The net.
    X : array-like or sparse matrix (n, d)
        The rows to follow, as the net takes them.
    classes : array-like (k,)
        All labels, in the order of the net's outputs.
    class_names : sequence of str (k,), optional
        What to call them.
    y : array-like (n,), optional
        The rows' labels.
    rows : array-like (n,) of int, optional
        Their numbers in the whole data; by default 0..n-1.
    explain : array-like (n,), optional
        The labels to explain; by default the likeliest of each row.
    baseline, of, n_steps
        As in `attributions`.

    Returns
    -------
    tuple of Example (n,)

    Raises
    ------
    DataError
        If shapes do not fit or a label is not in ``classes``.

    Examples
    --------
    >>> net = FittedNet.of([[[1.0, -1.0]], [[1.0], [1.0]]], [[0.0, 0.0], [-1.0]], output="logistic")
    >>> (example,) = walk_through(net, [[3.0]], ["no", "yes"], y=["no"])
    >>> example.sentence()
    'Row 0: the net says yes (88.1 %), next no (11.9 %); it is wrong, the label is no.'
    >>> example.activations[0].tolist(), example.integrated_gradients.tolist()
    ([3.0, 0.0], [3.0])
    """
    names = names_of(classes, class_names)
    if len(names) != net.n_classes:
        raise DataError(f"A net of {net.n_classes} classes cannot have {len(names)} labels.")
    layers = net.layers(X)
    n = len(layers.scores)
    numbers = np.arange(n) if rows is None else np.asarray(rows)
    true = None if y is None else class_positions(y, classes, "the labels", rows=n)
    if numbers.shape != (n,):
        raise DataError(f"{numbers.size} row numbers were given for {n} rows.")
    p = net.probabilities(layers.scores)
    predicted = p.argmax(axis=1)
    targets = predicted
    if explain is not None:
        targets = class_positions(explain, classes, "the labels to explain", rows=n)
    found = attributions(net, X, targets, baseline=baseline, of=of, n_steps=n_steps)
    votes = _votes(net, layers.activations, targets)
    return tuple(
        Example(
            row=int(numbers[i]),
            true=None if true is None else names[true[i]],
            predicted=names[predicted[i]],
            activations=tuple(a[i] for a in layers.activations),
            votes=votes[i],
            labels=names,
            probabilities=p[i],
            explained=names[targets[i]],
            gradient_x_input=found.gradient_x_input[i],
            integrated_gradients=found.integrated_gradients[i],
            value=float(found.values[i]),
            baseline_value=float(found.baseline_values[i]),
            gap=float(found.gaps[i]),
        )
        for i in range(n)
    )


def class_votes(net: FittedNet) -> Array:
    """Return the weights (h, k) from the units of the last hidden layer to the classes.

    Parameters
    ----------
    net : FittedNet
        The net. Its one output for two classes is a weight for the second class and, with the
        other sign, one for the first.

    Returns
    -------
    ndarray (h, k)
    """
    outgoing = net.coefs[-1]
    return np.hstack([-outgoing, outgoing]) if outgoing.shape[1] == 1 else outgoing


def _votes(net: FittedNet, activations: tuple[Array, ...], targets: npt.NDArray[np.intp]) -> Array:
    """Return what each unit of the last hidden layer adds for each row's class (n, h)."""
    if not activations:
        return np.empty((len(targets), 0))
    outgoing = class_votes(net)
    if net.coefs[-1].shape[1] == 1:
        outgoing = outgoing / 2  # less the other's: the score itself
    k = outgoing.shape[1]
    others = (outgoing.sum(axis=1, keepdims=True) - outgoing) / (k - 1)
    return activations[-1] * (outgoing - others).T[targets]

"""A net given as its matrices Theta1, Theta2, …, as courses hand it out, to a trained model."""

from __future__ import annotations

__all__ = ["convert_theta"]

import math
import os
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import scipy.io
from numpy.typing import ArrayLike, NDArray

from glassnet.data import ImageShape, Preprocessor
from glassnet.data.dataset import generated_names
from glassnet.data.image_shape import as_image_shape
from glassnet.data.labels import as_labels
from glassnet.data.readers.files import check_expanded, parsing, regular_file
from glassnet.errors import DataError
from glassnet.estimators.restored import restored_net
from glassnet.estimators.trained import TrainedModel

_NAME = re.compile(r"theta_?([1-9]\d?)", re.IGNORECASE)
_SMALLEST_SIDE = 8  # fewer pixels are more likely a table whose width happens to be a square


def convert_theta(
    path: str | os.PathLike[str],
    *,
    labels: ArrayLike | None = None,
    class_names: Sequence[str] | None = None,
    image: ImageShape | str | None = None,
    pixel_order: str | None = None,
) -> TrainedModel:
    """Read a net of sigmoid units given as matrices Theta1, Theta2, ….

    Parameters
    ----------
    path : str or path
        A .mat or .npz file. Theta_l is (fan_out, fan_in + 1); its first column is the bias.
    labels : array-like (k,), default=None
        The label that each output stands for. By default 1..k, or 0 and 1 for a single output.
    class_names : sequence of str (k,), default=None
        What to call the classes, in the order of the sorted labels.
    image : ImageShape or str, default=None
        How a row unrolls to a picture, such as "20x20". By default a square, where the number of
        inputs is one of 8x8 or more.
    pixel_order : {"C", "F"}, default=None
        Whether rows hold pictures row by row or column by column; by default "F" for .mat files
        and "C" for .npz files.

    Returns
    -------
    TrainedModel
        With an `MLPClassifier` as estimator.

    Raises
    ------
    DataError
        When the file holds no such matrices, or they do not fit each other.

    Notes
    -----
    Such a net has k independent sigmoids a_c = 1 / (1 + exp(-z_c)), each trained to say whether a
    row is of class c, and its prediction is the largest. It is kept as it is: the estimator's
    ``out_activation_`` is "logistic", its `predict` gives the class of the largest output, and
    its `predict_proba` the outputs themselves. `TrainedModel.predict_proba` divides them by their
    sum, as one-vs-rest does. (A softmax of z would predict the same classes at other
    probabilities.) Two outputs are turned into one, z_2 - z_1: the predictions are the same, and
    the probability is that of a softmax of both.

    References
    ----------
    A. Ng, Machine Learning, Coursera, exercise 3: ``ex3weights.mat`` is such a file.
    """
    file = Path(path).expanduser()
    thetas = _thetas(file)
    d = thetas[0].shape[1] - 1
    coefs = [np.ascontiguousarray(theta[:, 1:].T) for theta in thetas]
    intercepts = [theta[:, 0].copy() for theta in thetas]
    classes = _classes(file, labels, len(thetas[-1]))
    _order_outputs(coefs, intercepts, classes)
    net = restored_net(
        {
            "hidden_layer_sizes": tuple(len(theta) for theta in thetas[:-1]),
            "activation": "logistic",
        },
        coefs=coefs,
        intercepts=intercepts,
        classes=np.sort(classes),
        output="logistic",
    )
    names = generated_names(d)
    return TrainedModel(
        estimator=net,
        preprocessor=Preprocessor("none", names).fit(np.zeros((1, d))),
        feature_names=names,
        class_names=tuple(map(str, net.classes_ if class_names is None else class_names)),
        image=_image(file, d, image, pixel_order),
        source=file.name,
        versions={},  # nobody knows what trained it
    )


def _thetas(file: Path) -> list[NDArray[Any]]:
    """Read the matrices in their order and check that they are a net."""
    found = _matrices(file)
    numbered = {int(_NAME.fullmatch(name)[1]): name for name in found}  # type: ignore[index]
    if not found or sorted(numbered) != list(range(1, len(found) + 1)):
        held = f"only {', '.join(sorted(found))}" if found else "none of them"
        raise DataError(
            f"{file} must hold the matrices Theta1, Theta2, … of a net, without a gap; "
            f"it holds {held}."
        )
    thetas = [_floats(file, name, found[name]) for _, name in sorted(numbered.items())]
    for number, (theta, after) in enumerate(pairwise(thetas), start=1):
        if after.shape[1] != len(theta) + 1:
            raise DataError(
                f"{file}: Theta{number + 1} has {after.shape[1]} columns, but Theta{number} gives "
                f"{len(theta)} units, so that {len(theta) + 1} are needed (the bias first)."
            )
    return thetas


def _matrices(file: Path) -> Mapping[str, NDArray[Any]]:
    """Read the arrays called Theta1, Theta2, …; nothing is unpickled."""
    regular_file(file)
    if file.suffix.lower() == ".npz":
        with parsing(file, ".npz"), np.load(file, allow_pickle=False) as arrays:
            check_expanded(file, sum(member.file_size for member in arrays.zip.infolist()))
            return {name: arrays[name] for name in arrays.files if _NAME.fullmatch(name)}
    if file.suffix.lower() != ".mat":
        raise DataError(f"{file} must be a .mat or an .npz file with Theta1, Theta2, ….")
    with parsing(file, "a MATLAB file"):
        try:
            held = scipy.io.whosmat(str(file), appendmat=False)
        except NotImplementedError as error:
            raise DataError(
                f"{file} is a MATLAB 7.3 file, which is not read; save it with -v7 instead."
            ) from error
        shapes = {name: shape for name, shape, _ in held if _NAME.fullmatch(name)}
        check_expanded(file, 8 * sum(math.prod(shape) for shape in shapes.values()))
        if not shapes:
            return {}
        arrays = scipy.io.loadmat(str(file), appendmat=False, variable_names=list(shapes))
        return {name: arrays[name] for name in shapes}


def _floats(file: Path, name: str, theta: Any) -> NDArray[Any]:
    if not isinstance(theta, np.ndarray) or theta.dtype.kind not in "fiu" or theta.ndim != 2:
        raise DataError(f"{file}: {name} must be a matrix of numbers.")
    if theta.shape[0] < 1 or theta.shape[1] < 2:
        raise DataError(
            f"{file}: {name} has shape {theta.shape}; units x (inputs + 1) is needed, the bias "
            "first."
        )
    if not np.isfinite(theta).all():
        raise DataError(f"{file}: {name} has values that are not finite.")
    return theta.astype(np.float32 if theta.dtype == np.float32 else np.float64)


def _classes(file: Path, labels: ArrayLike | None, outputs: int) -> NDArray[Any]:
    """Return the label of each output, (k,); a single output tells two classes apart."""
    k = max(outputs, 2)
    if labels is None:
        return np.arange(2) if outputs == 1 else np.arange(1, k + 1)
    classes = as_labels(labels, "The labels of the outputs")
    if len(classes) != k or len(np.unique(classes)) != k:
        raise DataError(
            f"{file} is a net of {k} classes; give {k} different labels, in the order of its "
            "outputs."
        )
    return classes


def _order_outputs(
    coefs: list[NDArray[Any]], intercepts: list[NDArray[Any]], classes: NDArray[Any]
) -> None:
    """Put the outputs in the order of the sorted labels, two of them as one; in place."""
    order = np.argsort(classes)
    outputs = coefs[-1].shape[1]
    if outputs == 1:  # the output stands for the second label
        sign = 1 if order[1] == 1 else -1
        coefs[-1], intercepts[-1] = sign * coefs[-1], sign * intercepts[-1]
        return
    coefs[-1] = np.ascontiguousarray(coefs[-1][:, order])
    intercepts[-1] = intercepts[-1][order]
    if outputs == 2:
        coefs[-1] = coefs[-1][:, 1:] - coefs[-1][:, :1]
        intercepts[-1] = intercepts[-1][1:] - intercepts[-1][:1]


def _image(
    file: Path, d: int, image: ImageShape | str | None, pixel_order: str | None
) -> ImageShape | None:
    order = pixel_order or ("F" if file.suffix.lower() == ".mat" else "C")
    if isinstance(image, ImageShape):
        return image if pixel_order is None else as_image_shape(image, pixel_order)
    if image is not None:
        return as_image_shape(image, order)
    side = math.isqrt(d)
    if side * side != d or side < _SMALLEST_SIDE:
        return None
    return as_image_shape((side, side), order)

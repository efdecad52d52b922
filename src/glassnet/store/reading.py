"""A file to a trained model: everything is checked before it is used, and nothing is run."""

from __future__ import annotations

__all__ = ["load_model", "model_of"]

import math
import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from glassnet.data import Preprocessor
from glassnet.errors import DataError, ModelFileError
from glassnet.estimators.auto_mlp import AutoMLPClassifier
from glassnet.estimators.restored import output_of, restored_logistic, restored_net
from glassnet.estimators.trained import Classifier, TrainedModel
from glassnet.model import ACTIVATIONS, CLASS_OUTPUTS
from glassnet.store.container import broken, heading_of, opened, read_array
from glassnet.store.decoding import decoded
from glassnet.store.record import ClassesRecord, ModelRecord

_DTYPES = {"F32": np.float32, "F64": np.float64}


def load_model(path: str | os.PathLike[str]) -> TrainedModel:
    """Read a model that `save_model` wrote.

    Nothing in the file is run. Sizes are checked before memory is taken, names, types and shapes
    before they are used, so that a file from anywhere can be opened.

    Parameters
    ----------
    path : str or path
        The file.

    Returns
    -------
    TrainedModel
        It predicts bit for bit as the one that was saved.

    Raises
    ------
    ModelFileError
        When there is no such file, or it is truncated, foreign, broken or of a newer version.
    """
    file = Path(path)
    with opened(file) as (described, tensors):
        kind = heading_of(file, described).kind
        if kind == "object":
            raise ModelFileError(
                f"{file} holds an estimator or a pipeline without the names around it. Read it "
                "with glassnet.load."
            )
        return model_of(file, described, tensors)


def model_of(file: Path, described: str, tensors: Any) -> TrainedModel:
    """Read a model from an open file, whose version is known."""
    try:
        record = msgspec.json.decode(described, type=ModelRecord)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise broken(file, str(error)) from error
    _check_record(file, record)
    return _model(file, record, _arrays(file, tensors, record))


def _check_record(file: Path, record: ModelRecord) -> None:
    """Check that the parts of the record are known and fit each other."""
    network, k = record.network, len(record.classes.values)
    sizes = network.layer_sizes
    if network.activation not in ACTIVATIONS or network.output not in CLASS_OUTPUTS:
        known = ", ".join([*ACTIVATIONS, *sorted(CLASS_OUTPUTS)])
        raise broken(
            file,
            f"activation {network.activation[:40]!r} or output {network.output[:40]!r} is unknown "
            f"(known are {known})",
        )
    if len(sizes) < 2 or any(size < 1 for size in sizes):
        raise broken(file, f"layers of {list(sizes)[:9]} units are no net")
    if record.kind == "logistic" and len(sizes) != 2:
        raise broken(file, "a logistic regression has no hidden layers")
    if k < 2 or sizes[-1] != (1 if k == 2 else k) or (k == 2) > (network.output == "logistic"):
        raise broken(file, f"{sizes[-1]} {network.output} outputs do not fit {k} classes")
    if record.certificate is not None and (
        record.kind != "logistic" or not record.certificate.classes
    ):
        raise broken(file, "its certificate is of no logistic regression or of no class")
    if record.kind == "net" and record.parameters.get("activation") != network.activation:
        raise broken(file, "its parameters name another activation than its network")
    if record.image is not None and record.image.n_pixels != len(record.feature_names):
        raise broken(
            file, f"images of {record.image} do not have {len(record.feature_names)} columns"
        )


def _arrays(file: Path, tensors: Any, record: ModelRecord) -> dict[str, NDArray[Any]]:
    """Read the arrays, each after its name, type and shape were found right."""
    shapes: dict[str, tuple[int, ...]] = {}
    sizes = record.network.layer_sizes
    for layer, (fan_in, fan_out) in enumerate(pairwise(sizes)):
        shapes[f"coefs.{layer}"] = (fan_in, fan_out)
        shapes[f"intercepts.{layer}"] = (fan_out,)
    if record.kind == "auto":
        return {name: read_array(tensors, name) for name in tensors.keys()}  # noqa: SIM118
    found = set(tensors.keys())
    if record.kind == "net" and "loss_curve" in found:
        shapes["loss_curve"] = (tensors.get_slice("loss_curve").get_shape()[0],)
    if found != set(shapes):
        different = ", ".join(sorted(name[:40] for name in found ^ set(shapes))[:4])
        raise broken(file, f"arrays are missing or foreign: {different}")
    arrays = {}
    for name, shape in shapes.items():
        view = tensors.get_slice(name)
        if view.get_dtype() not in _DTYPES or tuple(view.get_shape()) != shape:
            raise broken(
                file,
                f"array {name} has type {view.get_dtype()} and shape {view.get_shape()}, where "
                f"numbers of shape {list(shape)} are expected",
            )
        arrays[name] = tensors.get_tensor(name)
        if not np.isfinite(arrays[name]).all():
            raise broken(file, f"array {name} has values that are not finite")
    return arrays


def _model(file: Path, record: ModelRecord, arrays: dict[str, NDArray[Any]]) -> TrainedModel:
    """Put the model together."""
    try:
        estimator = _estimator(record, arrays)
        with np.errstate(over="ignore", invalid="ignore"):  # numbers near the largest there is
            preprocessor = Preprocessor.from_dict(record.preprocessing)
        if _width(preprocessor) != record.network.layer_sizes[0]:
            raise ModelFileError("its preprocessing makes another number of columns than it takes")
        return TrainedModel(
            estimator=estimator,
            preprocessor=preprocessor,
            feature_names=record.feature_names,
            class_names=record.class_names,
            image=record.image,
            source=record.source,
            holdout=None if record.holdout is None else record.holdout.to_dict(),
            train=None if record.train is None else record.train.to_dict(),
            target=record.target,
            seed=record.seed,
            versions=record.versions,
        )
    except (DataError, ModelFileError, ValueError, TypeError, OverflowError) as error:
        raise broken(file, str(error)) from error


def _width(preprocessor: Preprocessor) -> int:
    """Return how many columns a preprocessor makes."""
    numbers, texts = preprocessor.state_.numbers, preprocessor.state_.texts
    return len(numbers.names) + sum(numbers.missing) + sum(len(text.values) for text in texts)


def _estimator(record: ModelRecord, arrays: dict[str, NDArray[Any]]) -> Classifier:
    classes = _classes(record.classes)
    if record.kind == "auto":
        return _auto(record, arrays, classes)
    parameters = {name: _parameter(value) for name, value in record.parameters.items()}
    n_iter = record.n_iter
    if record.kind == "logistic":
        logistic = restored_logistic(
            parameters,
            coef=np.ascontiguousarray(arrays["coefs.0"].T),
            intercept=arrays["intercepts.0"],
            classes=classes,
            n_iter=np.array(n_iter, dtype=np.int32),
            certificate=None if record.certificate is None else record.certificate.certificate(),
        )
        if output_of(logistic) != record.network.output:
            raise ModelFileError("its parameters name another kind of output than its network")
        return logistic
    layers = range(len(record.network.layer_sizes) - 1)
    return restored_net(
        parameters,
        coefs=[arrays[f"coefs.{layer}"] for layer in layers],
        intercepts=[arrays[f"intercepts.{layer}"] for layer in layers],
        classes=classes,
        output=record.network.output,
        n_iter=n_iter[0] if n_iter else 0,
        loss=math.nan if record.loss is None else record.loss,
        loss_curve=arrays.get("loss_curve", np.empty(0)).tolist(),
    )


def _auto(
    record: ModelRecord, arrays: dict[str, NDArray[Any]], classes: NDArray[Any]
) -> AutoMLPClassifier:
    """Return the ensemble, once it is found to be that of the record."""
    auto = decoded(record.object, arrays)
    if not isinstance(auto, AutoMLPClassifier) or not hasattr(auto, "nets_"):
        raise ModelFileError("its object is no fitted AutoMLPClassifier")
    if auto.n_features_in_ != record.network.layer_sizes[0]:
        raise ModelFileError("its nets take another number of columns than it says")
    if not np.array_equal(auto.classes_, classes):
        raise ModelFileError("its nets know other classes than it says")
    return auto


def _parameter(value: Any) -> Any:
    """Return a parameter as the estimator takes it; see the writer's `_plain`."""
    if value in ("inf", "-inf", "nan"):
        return float(value)
    if isinstance(value, list) and value and all(isinstance(part, list) for part in value):
        return {label: _parameter(weight) for label, weight in value}
    return tuple(value) if isinstance(value, list) else value


def _classes(record: ClassesRecord) -> NDArray[Any]:
    """Return the labels in their own type, once they are distinct and in order."""
    text = record.dtype in ("str", "object")
    if any(isinstance(value, str) != text for value in record.values):
        raise ModelFileError(f"its labels are not of type {record.dtype}")
    classes = np.array(record.values, dtype=record.dtype)
    if classes.tolist() != list(record.values) or list(np.unique(classes)) != list(classes):
        raise ModelFileError("its labels are repeated, out of order or out of range")
    return classes

"""A trained model to a file."""

from __future__ import annotations

__all__ = ["as_text", "save_model"]

import math
import os
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import safetensors.numpy
import scipy.sparse
from numpy.typing import NDArray

from glassnet.errors import DataError
from glassnet.estimators.auto_mlp import AutoMLPClassifier
from glassnet.estimators.logistic_regression import LogisticRegression
from glassnet.estimators.mlp_classifier import MLPClassifier
from glassnet.estimators.restored import output_of
from glassnet.estimators.trained import Classifier, TrainedModel
from glassnet.evaluation import SuccessRates
from glassnet.files import atomic_write_bytes
from glassnet.store.encoding import Encoder
from glassnet.store.record import (
    FORMAT,
    VERSION,
    CertificateRecord,
    ClassesRecord,
    ModelRecord,
    NetworkRecord,
    ObjectRecord,
)


def save_model(model: TrainedModel, path: str | os.PathLike[str]) -> Path:
    """Write a model to one safetensors file; a file already there is replaced in one step.

    The file holds what is needed to predict, in the dtype that was fitted, and no state of the
    training. `glassnet.store` describes it.

    Parameters
    ----------
    model : TrainedModel
        The model.
    path : str or path
        The file. Its folder must exist.

    Returns
    -------
    Path
        The path that was asked for.

    Raises
    ------
    OutputError
        When the file cannot be written. What was there before is untouched.
    DataError
        When the model holds what a model file cannot: labels of mixed types, several labels a
        row, names that are no valid text.

    Examples
    --------
    >>> import tempfile
    >>> from glassnet import LogisticRegression, TrainedModel, load_dataset, load_model, save_model
    >>> from glassnet.data import Preprocessor
    >>> iris = load_dataset("iris")
    >>> preprocessor = Preprocessor.for_dataset(iris).fit(iris.X)
    >>> logistic = LogisticRegression().fit(preprocessor.transform(iris.X), iris.y)
    >>> folder = Path(tempfile.mkdtemp())
    >>> model = TrainedModel.of(iris, preprocessor, logistic)
    >>> load_model(save_model(model, folder / "iris.safetensors")).class_names
    ('setosa', 'versicolor', 'virginica')
    """
    record, tensors = _record(model)
    content = safetensors.numpy.save(tensors, {"glassnet": as_text(record)})
    return atomic_write_bytes(path, content)


def as_text(record: ModelRecord | ObjectRecord) -> str:
    """Return a record as JSON text."""
    try:
        return msgspec.json.encode(record).decode()
    except UnicodeEncodeError as error:
        raise DataError(
            f"The name {error.object[:60]!r} cannot be saved: it is no valid text. Rename the "
            "column, class or file that it belongs to."
        ) from error


def _record(model: TrainedModel) -> tuple[ModelRecord, dict[str, NDArray[Any]]]:
    estimator = model.estimator
    part = None
    if isinstance(estimator, AutoMLPClassifier):
        encoder = Encoder(optimizer_state=False)
        part = encoder.part(estimator)
        kind, network, tensors = "auto", _ensemble(estimator), encoder.tensors
    elif isinstance(estimator, MLPClassifier):
        kind, network, tensors = "net", *_net(estimator)
    else:
        kind, network, tensors = "logistic", *_logistic(estimator)
    loss = float(getattr(estimator, "loss_", math.nan))
    certificate = getattr(estimator, "certificate_", None)
    record = ModelRecord(
        format=FORMAT,
        version=VERSION,
        kind=kind,  # type: ignore[arg-type]
        network=network,
        parameters={} if part else _parameters(estimator),
        classes=_classes(model.classes),
        class_names=model.class_names,
        feature_names=model.feature_names,
        target=model.target,
        preprocessing=model.preprocessor.to_dict(),
        image=model.image,
        source=model.source,
        seed=model.seed,
        n_iter=tuple(np.atleast_1d(getattr(estimator, "n_iter_", ())).tolist()),
        loss=loss if math.isfinite(loss) else None,
        train=_rates(model.train),
        holdout=_rates(model.holdout),
        versions=dict(model.versions),
        certificate=None if certificate is None else CertificateRecord.of(certificate),
        object=part,
    )
    return record, tensors


def _ensemble(auto: AutoMLPClassifier) -> NetworkRecord:
    """Return the shape of the members, but for the inputs: those are of the estimator itself."""
    layers = (auto.n_features_in_, *(len(b) for b in auto.intercepts_))
    net = auto.nets_[0]
    return NetworkRecord(layers, net.activation, net.out_activation_)


def _net(net: MLPClassifier) -> tuple[NetworkRecord, dict[str, NDArray[Any]]]:
    layer_sizes = (net.coefs_[0].shape[0], *(len(b) for b in net.intercepts_))
    if net.predict(np.zeros((1, layer_sizes[0]))).ndim != 1:
        raise DataError(
            "A model file holds nets that give one label a row, and this one gives several."
        )
    tensors: dict[str, NDArray[Any]] = {}
    for layer, (coef, intercept) in enumerate(zip(net.coefs_, net.intercepts_, strict=True)):
        tensors[f"coefs.{layer}"] = np.ascontiguousarray(coef)
        tensors[f"intercepts.{layer}"] = np.ascontiguousarray(intercept)
    curve = np.asarray(net.loss_curve_, dtype=np.float64)
    if curve.size and np.isfinite(curve).all():
        tensors["loss_curve"] = curve
    return NetworkRecord(layer_sizes, net.activation, net.out_activation_), tensors


def _logistic(logistic: LogisticRegression) -> tuple[NetworkRecord, dict[str, NDArray[Any]]]:
    coef: Any = logistic.coef_
    if scipy.sparse.issparse(coef):  # after `sparsify`
        coef = coef.toarray()
    tensors = {
        "coefs.0": np.ascontiguousarray(coef.T),
        "intercepts.0": np.ascontiguousarray(logistic.intercept_),
    }
    return NetworkRecord(coef.T.shape, "identity", output_of(logistic)), tensors


def _parameters(estimator: Classifier) -> dict[str, Any]:
    """Return the parameters that have a JSON type; an infinite one becomes a word."""
    plain = {name: _plain(value) for name, value in estimator.get_params(deep=False).items()}
    return {name: value for name, value in plain.items() if value is not ...}


def _plain(value: Any) -> Any:
    """Return a parameter as JSON has it, or `...` for one that JSON cannot hold."""
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, dict):  # weights of classes, whose labels need not be text
        return [[_plain(key), _plain(weight)] for key, weight in value.items()]
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return ...


def _classes(classes: NDArray[Any]) -> ClassesRecord:
    name = "str" if classes.dtype.kind == "U" else classes.dtype.name
    values = tuple(classes.tolist())
    if name == "object" and not all(isinstance(value, str) for value in values):
        raise DataError(
            "A model file holds labels that are numbers or text, all of one kind. Turn the labels "
            "into one of these."
        )
    return ClassesRecord(name, values)  # type: ignore[arg-type]


def _rates(rates: dict[str, Any] | None) -> SuccessRates | None:
    return None if rates is None else msgspec.convert(rates, SuccessRates)

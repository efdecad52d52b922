"""Estimators and pipelines to files, and back."""

from __future__ import annotations

__all__ = ["load", "save"]

import os
from pathlib import Path
from typing import Any

import msgspec
import safetensors.numpy
from numpy.typing import NDArray

from glassnet.errors import DataError, ModelFileError
from glassnet.estimators.trained import TrainedModel, library_versions
from glassnet.files import atomic_write_bytes
from glassnet.store.container import broken, heading_of, opened, read_array
from glassnet.store.decoding import decoded
from glassnet.store.encoding import Encoder
from glassnet.store.reading import model_of
from glassnet.store.record import FORMAT, LONGEST_DESCRIPTION, VERSION, ObjectRecord
from glassnet.store.writing import as_text, save_model


def save(estimator: Any, path: str | os.PathLike[str], *, optimizer_state: bool = False) -> Path:
    """Write an estimator or a pipeline to one safetensors file, without pickle.

    A file already there is replaced in one step. docs/model-files.md describes the format; it can
    be read with safetensors and json alone.

    Parameters
    ----------
    estimator : estimator
        An `MLPClassifier`, a `LogisticRegression`, a `glassnet.data.Preprocessor`, a scaler,
        imputer or encoder of scikit-learn, a Pipeline or ColumnTransformer of these; fitted or
        not. A `TrainedModel` is written as `save_model` does.
    path : str or path
        The file. Its folder must exist.
    optimizer_state : bool, default=False
        Whether to keep what a stochastic solver remembers of past gradients, one or two numbers a
        weight ('sgd', 'adam'). With it `partial_fit` goes on as if it had never stopped, bit for
        bit; without it the net goes on with a fresh optimizer. `fit` with ``warm_start=True``
        needs no such state. The state of a `RandomState` is always kept.

    Returns
    -------
    Path
        The path that was asked for.

    Raises
    ------
    DataError
        When the estimator holds what a model file cannot: functions, classes of your own, labels
        that are no numbers and no text.
    OutputError
        When the file cannot be written. What was there before is untouched.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> import glassnet
    >>> X, y = glassnet.load_dataset("iris").X, glassnet.load_dataset("iris").y
    >>> pipeline = make_pipeline(StandardScaler(), glassnet.LogisticRegression()).fit(X, y)
    >>> file = glassnet.save(pipeline, Path(tempfile.mkdtemp()) / "iris.safetensors")
    >>> loaded = glassnet.load(file)
    >>> bool(np.all(loaded.predict_proba(X) == pipeline.predict_proba(X)))
    True
    """
    if isinstance(estimator, TrainedModel):
        if optimizer_state:
            raise DataError(
                "A TrainedModel is saved without the state of its optimizer. Save its estimator, "
                "`model.estimator`, with optimizer_state=True."
            )
        return save_model(estimator, path)
    encoder = Encoder(optimizer_state=optimizer_state)
    try:
        written = encoder.part(estimator)
    except RecursionError as error:
        raise DataError(
            "The estimator cannot be saved: its parts hold each other without end, or too deeply."
        ) from error
    record = ObjectRecord(FORMAT, VERSION, "object", written, library_versions())
    text = as_text(record)
    if len(text) > LONGEST_DESCRIPTION:
        raise DataError(
            f"The estimator cannot be saved: its description takes {len(text)} characters, more "
            f"than {LONGEST_DESCRIPTION}. Encode columns with fewer values, or leave them out."
        )
    try:
        _object(text, encoder.tensors)  # what is written can be read
    except ModelFileError as error:
        raise DataError(
            f"The estimator cannot be saved as it is: {str(error).rstrip('.')}. Fit it again, or "
            "take back what was set by hand."
        ) from error
    return atomic_write_bytes(path, safetensors.numpy.save(encoder.tensors, {"glassnet": text}))


def load(path: str | os.PathLike[str]) -> Any:
    """Read what `save` or `save_model` wrote.

    Nothing in the file is run, and no class but those that `save` takes is made. Sizes, types and
    names are checked first, so that a file from anywhere can be opened.

    Parameters
    ----------
    path : str or path
        The file.

    Returns
    -------
    estimator, pipeline or TrainedModel
        As it was saved: it has the same parameters, predicts bit for bit the same, and can go on
        training.

    Raises
    ------
    ModelFileError
        When there is no such file, or it is truncated, foreign, broken or of a newer version.
    """
    file = Path(path)
    with opened(file) as (described, tensors):
        if heading_of(file, described).kind != "object":
            return model_of(file, described, tensors)
        if len(described) > LONGEST_DESCRIPTION:
            raise broken(file, f"its description takes {len(described)} characters")
        try:
            arrays = {name: read_array(tensors, name) for name in tensors.keys()}  # noqa: SIM118
            return _object(described, arrays)
        except ModelFileError as error:
            raise broken(file, str(error)) from error


def _object(described: str, arrays: dict[str, NDArray[Any]]) -> Any:
    """Put an object together; ModelFileError where its parts do not fit."""
    try:
        record = msgspec.json.decode(described, type=ObjectRecord)
    except (RecursionError, ValueError) as error:
        raise ModelFileError(str(error)) from error
    return decoded(record.object, arrays)

"""scikit-learn's scalers, encoders and compositions, as model files hold them."""

from __future__ import annotations

__all__ = ["SKLEARN"]

from typing import Any

import numpy as np
import sklearn.compose as compose
import sklearn.preprocessing as preprocessing
from sklearn.base import BaseEstimator
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.pipeline import Pipeline

from glassnet.errors import ModelFileError
from glassnet.store.kinds import (
    COLUMNS,
    FLAG,
    INTEGER,
    LABELS,
    NAMES,
    NUMBER,
    TEXT,
    Array,
    Kind,
    ListOf,
    Mapping,
    OneOf,
    Part,
    Size,
    Word,
    or_none,
)
from glassnet.store.known import Known

# What every estimator may have: names of columns, and the frames that `set_output` chose.
COMMON: dict[str, Kind] = {
    "feature_names_in_": NAMES,
    "_sklearn_output_config": Mapping(
        Word(frozenset(["transform"])), Word(frozenset(["default", "pandas", "polars"]))
    ),
}
FEATURES: dict[str, Kind] = {"n_features_in_": Size("d")}
_A_FEATURE = Array("f", ("d",))
_SEEN = OneOf((INTEGER, NUMBER, Array("iuf", ("d",))))
_DTYPE = Part((np.dtype,))
_A_TYPE = OneOf((TEXT, Part((type, np.dtype))))
_TYPES = or_none(OneOf((_A_TYPE, ListOf(_A_TYPE))))
_CATEGORIES = ListOf(Array("ifubOU", (None,)), "d")
_INFREQUENT: dict[str, Kind] = {
    "_infrequent_indices": ListOf(or_none(Array("iu", (None,))), "d"),
    "_default_to_infrequent_mappings": ListOf(or_none(Array("iu", (None,))), "d"),
}


def _scaler(cls: type, *names: str, **others: Kind) -> Known:
    """Declare a scaler with arrays (d,) of floats, each of which may be None."""
    arrays = dict.fromkeys(names, or_none(_A_FEATURE))
    return Known(cls, "sklearn", {**FEATURES, **arrays, **others}, COMMON)


def _check_steps(steps: Any, width: int, what: str) -> list[Any]:
    """Check a list of tuples (name, estimator or word, ...); return its second members."""
    words = ("passthrough", "drop", None)
    for step in steps:
        if not isinstance(step, tuple) or len(step) != width or not isinstance(step[0], str):
            raise ModelFileError(f"{what} must be tuples of {width} that begin with a name")
        if not isinstance(step[1], BaseEstimator) and step[1] not in words:
            raise ModelFileError(f"{what} must be estimators")
    names = [step[0] for step in steps]
    if len(set(names)) < len(names):
        raise ModelFileError(f"{what} have repeated names")
    return [step[1] for step in steps]


_IDLE = ("passthrough", None)


def check_pipeline(pipeline: Pipeline) -> None:
    """Check a pipeline's steps."""
    steps = _check_steps(pipeline.steps, 2, "the steps of a pipeline")
    if not steps or any(isinstance(step, str) and step == "drop" for step in steps):
        raise ModelFileError("a pipeline needs steps that are estimators")
    if any(not hasattr(type(step), "transform") for step in steps[:-1] if step not in _IDLE):
        raise ModelFileError("a step of a pipeline, but the last, must transform")


def check_columns(transformer: compose.ColumnTransformer) -> None:
    """Check a ColumnTransformer's parameters."""
    parts = transformer.transformers
    for step in [*_check_steps(parts, 3, "the transformers"), transformer.remainder]:
        if isinstance(step, BaseEstimator) and not hasattr(type(step), "transform"):
            raise ModelFileError(f"{type(step).__name__} does not transform columns")
    selector = compose.make_column_selector
    if not all(isinstance(c, selector) or COLUMNS.fits(c, {}) for _, _, c in parts):
        raise ModelFileError("the columns of a transformer are none")


def check_fitted_columns(transformer: compose.ColumnTransformer) -> None:
    """Check a fitted ColumnTransformer's parts."""
    parts = [*transformer.transformers_, transformer._remainder]
    _check_steps(transformer.transformers_, 3, "the fitted transformers")
    _check_steps(parts[-1:], 3, "the rest of the columns")
    if len(transformer._columns) != len(transformer.transformers):
        raise ModelFileError("there must be columns for each transformer")
    if not all(COLUMNS.fits(columns, {}) for _, _, columns in parts):
        raise ModelFileError("the columns of a fitted transformer are none")


def check_function(transformer: preprocessing.FunctionTransformer) -> None:
    """Allow only the one without a function, which ColumnTransformer makes of "passthrough"."""
    if transformer.func is not None or transformer.inverse_func is not None:
        raise ModelFileError("a FunctionTransformer with a function is code")


SKLEARN: tuple[Known, ...] = (
    _scaler(preprocessing.StandardScaler, "mean_", "var_", "scale_", n_samples_seen_=_SEEN),
    _scaler(
        preprocessing.MinMaxScaler,
        *("min_", "scale_", "data_min_", "data_max_", "data_range_"),
        n_samples_seen_=_SEEN,
    ),
    _scaler(preprocessing.MaxAbsScaler, "max_abs_", "scale_", n_samples_seen_=_SEEN),
    _scaler(preprocessing.RobustScaler, "center_", "scale_"),
    _scaler(preprocessing.Normalizer),
    Known(
        SimpleImputer,
        "sklearn",
        {
            **FEATURES,
            "statistics_": Array("fiubOU", ("d",)),
            "indicator_": or_none(Part((MissingIndicator,))),
            "_fit_dtype": _DTYPE,
            "_fill_dtype": _DTYPE,
        },
        COMMON,
    ),
    Known(
        MissingIndicator,
        "sklearn",
        {
            **FEATURES,
            "_n_features": Size("d"),
            "_precomputed": FLAG,
            "features_": Array("iu", (None,)),
        },
        COMMON,
    ),
    Known(
        preprocessing.OneHotEncoder,
        "sklearn",
        {
            **FEATURES,
            "categories_": _CATEGORIES,
            "drop_idx_": or_none(Array("Oiu", ("d",))),
            "_drop_idx_after_grouping": or_none(Array("Oiu", ("d",))),
            "_n_features_outs": ListOf(INTEGER, "d"),
            "_infrequent_enabled": FLAG,
        },
        {**COMMON, **_INFREQUENT},
    ),
    Known(
        preprocessing.OrdinalEncoder,
        "sklearn",
        {
            **FEATURES,
            "categories_": _CATEGORIES,
            "_missing_indices": Mapping(INTEGER, INTEGER),
            "_infrequent_enabled": FLAG,
        },
        {**COMMON, **_INFREQUENT},
    ),
    Known(preprocessing.LabelEncoder, "sklearn", {"classes_": LABELS}, COMMON),
    Known(
        preprocessing.LabelBinarizer,
        "sklearn",
        {
            "classes_": LABELS,
            "y_type_": Word(frozenset(["binary", "multiclass", "multilabel-indicator"])),
            "sparse_input_": FLAG,
        },
        COMMON,
    ),
    Known(
        preprocessing.FunctionTransformer,
        "sklearn",
        {},
        {**COMMON, **FEATURES},
        check=check_function,
    ),
    Known(
        compose.make_column_selector,
        "sklearn",
        {"pattern": or_none(TEXT), "dtype_include": _TYPES, "dtype_exclude": _TYPES},
    ),
    Known(
        compose.ColumnTransformer,
        "sklearn",
        {
            **FEATURES,
            "transformers_": ListOf(Part((tuple,))),
            "_columns": ListOf(COLUMNS),
            "_remainder": Part((tuple,)),
            "_transformer_to_input_indices": Mapping(TEXT, ListOf(INTEGER)),
            "output_indices_": Mapping(TEXT, Part((slice,))),
            "sparse_output_": FLAG,
        },
        COMMON,
        check=check_columns,
        complete=check_fitted_columns,
    ),
    Known(
        Pipeline,
        "sklearn",
        {},
        COMMON,
        places=frozenset(["memory"]),
        check=check_pipeline,
    ),
)

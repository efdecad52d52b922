"""What a model file says in JSON, as typed records."""

from __future__ import annotations

__all__ = ["FORMAT", "VERSION", "ClassesRecord", "Heading", "ModelRecord", "NetworkRecord"]

from typing import Annotated, Any, Final, Literal

import msgspec

from glassnet.data import ImageShape
from glassnet.evaluation import SuccessRates

FORMAT: Final = "glassnet-model"
VERSION: Final = 1

Label = int | float | str | bool
Parameter = None | bool | int | float | str | list[Any]


class Heading(msgspec.Struct, frozen=True):
    """What every version of the format begins with."""

    format: str
    version: Annotated[int, msgspec.Meta(ge=0, lt=2**31)]


class NetworkRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of the net; a logistic regression is a net without hidden layers."""

    layer_sizes: tuple[int, ...]
    activation: str
    output: str


class ClassesRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The labels, sorted, and the NumPy type that they have."""

    dtype: Literal[
        "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
        "float32", "float64", "bool", "str", "object",
    ]  # fmt: skip
    values: tuple[Label, ...]


class ModelRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of a model file but its arrays; see the package for what each part means."""

    format: Literal["glassnet-model"]
    version: Literal[1]
    kind: Literal["net", "logistic"]
    network: NetworkRecord
    parameters: dict[str, Parameter]
    classes: ClassesRecord
    class_names: tuple[str, ...]
    feature_names: tuple[str, ...]
    target: str | None
    preprocessing: dict[str, Any]
    image: ImageShape | None
    source: str
    seed: int | None
    n_iter: tuple[int, ...]
    loss: float | None
    train: SuccessRates | None
    holdout: SuccessRates | None
    versions: dict[str, str]

"""What a model file says in JSON, as typed records."""

from __future__ import annotations

__all__ = [
    "FORMAT",
    "LONGEST_DESCRIPTION",
    "VERSION",
    "CertificateRecord",
    "ClassesRecord",
    "Heading",
    "ModelRecord",
    "NetworkRecord",
    "ObjectRecord",
]

import math
from typing import Annotated, Any, Final, Literal

import msgspec

from glassnet.data import ImageShape
from glassnet.evaluation import SuccessRates
from glassnet.evaluation.certificate import Certificate, ClassCertificate

FORMAT: Final = "glassnet-model"
VERSION: Final = 2
# Longest description of an object, in characters: JSON takes 50 times the room once it is read.
LONGEST_DESCRIPTION: Final = 2**21

Label = int | float | str | bool
Parameter = None | bool | int | float | str | list[Any]


class Heading(msgspec.Struct, frozen=True):
    """What every version of the format begins with."""

    format: str
    version: Annotated[int, msgspec.Meta(ge=0, lt=2**31)]
    kind: Any = None


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


class ClassCertificateRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`ClassCertificate` in JSON; what nothing bounds is null."""

    label: str
    gradient_norm: float | None
    excess: float | None
    coef_distance: float | None
    intercept_distance: float | None
    predicted: int
    undecided: int


class CertificateRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`Certificate` in JSON."""

    kind: Literal["one-vs-rest", "multinomial"]
    rows: int
    undecided: int
    classes: tuple[ClassCertificateRecord, ...]

    @classmethod
    def of(cls, certificate: Certificate) -> CertificateRecord:
        """Return the record of a certificate."""
        return msgspec.convert(certificate.to_dict(), cls)

    def certificate(self) -> Certificate:
        """Return the certificate."""
        entries: list[dict[str, Any]] = [
            {key: math.inf if value is None else value for key, value in entry.items()}
            for entry in map(msgspec.structs.asdict, self.classes)
        ]
        classes = tuple(ClassCertificate(**entry) for entry in entries)
        return Certificate(self.kind, self.rows, self.undecided, classes)


class ModelRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of a model file but its arrays; see the package for what each part means."""

    format: Literal["glassnet-model"]
    version: Literal[1, 2]
    kind: Literal["net", "logistic", "auto"]
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
    certificate: CertificateRecord | None = None  # since version 2
    object: dict[str, Any] | None = None  # of kind "auto": the estimator


class ObjectRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of a file that holds an estimator or a pipeline but its arrays."""

    format: Literal["glassnet-model"]
    version: Literal[2]
    kind: Literal["object"]
    object: dict[str, Any]
    versions: dict[str, str]

"""What the store knows of a class: how its objects are written, and what a file may set."""

from __future__ import annotations

__all__ = ["Known"]

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, final

from sklearn.base import BaseEstimator

from glassnet.store.kinds import Kind


@final
@dataclass(frozen=True)
class Known:
    """A class that a model file may hold.

    Attributes
    ----------
    cls : type
        The class.
    home : str
        What stands before its name in a file: "glassnet" or "sklearn".
    fitted : mapping of str to Kind
        Its attributes but the parameters. All are there after a fit, but those in `optional`.
    optional : mapping of str to Kind
        Attributes that may be absent.
    state : mapping of str to Kind
        Attributes that are written with ``optimizer_state=True`` alone, and are None otherwise.
    names : mapping of str to str
        What attributes are called in files, where that is not their own name: files outlive the
        names of private attributes. All the other mappings have the names in files.
    derived : frozenset of str
        Attributes that are not written: `complete` makes them from the others, or None.
    places : frozenset of str
        Parameters that name a place on a machine; they are not written, and must be None.
    check : callable or None
        Takes an object, fitted or not; raises ModelFileError where its parameters are wrong in a
        way that the class's own constraints do not see.
    complete : callable or None
        Takes a fitted object whose attributes are of the right kinds; raises ModelFileError where
        they do not fit each other, and sets what is derived.
    """

    cls: type
    home: str
    fitted: Mapping[str, Kind]
    optional: Mapping[str, Kind] = field(default_factory=dict)
    state: Mapping[str, Kind] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    derived: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    check: Callable[[Any], None] | None = None
    complete: Callable[[Any], None] | None = None

    @property
    def short_name(self) -> str:
        """The class's name."""
        return self.cls.__name__

    @property
    def name(self) -> str:
        """The class's name in files."""
        return f"{self.home}.{self.cls.__name__}"

    @property
    def is_estimator(self) -> bool:
        """Whether it has parameters, and need not be fitted."""
        return issubclass(self.cls, BaseEstimator)

    @cached_property
    def parameters(self) -> frozenset[str]:
        """Names of the parameters that a file may set."""
        if not self.is_estimator:
            return frozenset()
        return frozenset(inspect.signature(self.cls).parameters) - self.places

    @property
    def kinds(self) -> dict[str, Kind]:
        """The kind of every attribute that a file may set."""
        return {**self.fitted, **self.optional, **self.state}

    @cached_property
    def attributes(self) -> dict[str, str]:
        """The attribute that a name in files stands for, where it is not the name itself."""
        return {name: attribute for attribute, name in self.names.items()}

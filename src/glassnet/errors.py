"""Failures that are sentences.

Every error a user can cause is a `GlassnetError` whose text is one or two sentences: the value,
the rule it broke, and the way out. The command line prints the text and exits with code 2; Python
callers catch the built-in type that each class also is.
"""

from __future__ import annotations

__all__ = ["DataError", "GlassnetError", "ModelFileError", "OutputError", "nearest_name"]

import difflib
from collections.abc import Iterable


class GlassnetError(Exception):
    """A failure that the user can mend; its text says how."""


class DataError(GlassnetError, ValueError):
    """The data or an option about the data cannot be used as given."""


class ModelFileError(GlassnetError, ValueError):
    """A model file is truncated, foreign, of an unknown version or does not fit the data."""


class OutputError(GlassnetError, OSError):
    """A result cannot be written where it was asked for."""


def nearest_name(name: str, known: Iterable[str]) -> str:
    """Say which known name is meant by a mistyped one, as the end of an error's sentence.

    Parameters
    ----------
    name : str
        The name that was not found.
    known : iterable of str
        The names that exist.

    Returns
    -------
    str
        ``" Did you mean 'income'?"`` or, where nothing is near, an empty string.

    Examples
    --------
    >>> nearest_name("incme", ["age", "income"])
    " Did you mean 'income'?"
    >>> nearest_name("INCOME", ["age", "Income"])
    " Did you mean 'Income'?"
    >>> nearest_name("zzz", ["age", "income"])
    ''
    """
    spelt = {each.lower(): each for each in known}
    near = difflib.get_close_matches(name.lower(), spelt, n=1)
    return f" Did you mean {spelt[near[0]]!r}?" if near else ""

"""Parameters of Python's in the words of the command line."""

from __future__ import annotations

__all__ = ["in_options", "option_for", "parameter_of"]

import re
import shlex
from typing import Any

import click

from glassnet.cli.options import NET_PARAMETERS, OPTION_OF
from glassnet.errors import nearest_name

# A parameter of one word is a word of any sentence too, and is told by what stands beside it.
_LONG = "|".join(sorted((name for name in OPTION_OF if "_" in name), key=len, reverse=True))
_PARAMETER = re.compile(rf"(?<![\w-])({_LONG})(?!\w)")
_BESIDE = re.compile(r"\bwith (target|labels|drop)\b")
_EQUAL = re.compile(r"\b(target|labels)=")


def option_for(parameter: str, value: Any) -> str | None:
    """Return the option that gives a parameter a value, with it; None where there is none."""
    option = {**OPTION_OF, "scale": "--scale", "C": "--C"}.get(parameter)
    if option is None:
        return None
    if isinstance(value, bool):
        return option if value else None
    if isinstance(value, tuple | list):
        text = ",".join(map(str, value))
        return f"{option} {shlex.quote(text)}"
    return f"{option} {value:g}" if isinstance(value, float) else f"{option} {value}"


def parameter_of(option: str) -> str:
    """Return the parameter of the net that an option sets, by the option's name without dashes.

    Raises
    ------
    click.UsageError
        If there is none.
    """
    known = {OPTION_OF[name].removeprefix("--"): name for name in NET_PARAMETERS}
    if option not in known:
        near = nearest_name(option, list(known))
        raise click.UsageError(f"{option!r} is none of {', '.join(known)}.{near}")
    return known[option]


def in_options(text: str) -> str:
    """Return a sentence that names parameters of Python's with the command line's options.

    Examples
    --------
    >>> in_options("Raise max_iter, or name the column with target.")
    'Raise --max-iter, or name the column with --target.'
    """
    text = _EQUAL.sub(r"--\1 ", _BESIDE.sub(r"with --\1", text))
    return _PARAMETER.sub(lambda found: OPTION_OF[found[0]], text)

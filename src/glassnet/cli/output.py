"""What commands write: checked before the work, written whole after it."""

from __future__ import annotations

__all__ = ["check_output_file", "rates_table", "say", "say_warning", "wrapped"]

import os
import shutil
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from glassnet.errors import OutputError
from glassnet.files import prepare_output_folder

Rates = dict[str, Any]  # as `SuccessRates` and `ClassRate` give them in their `to_dict`
LONGEST_NAME = 30


def say(text: str = "", end: bool = True) -> None:
    """Print a text on stdout, with a line's end.

    Raises
    ------
    OutputError
        When stdout takes no more, say a file on a full disk. A reader that has gone away
        (``| head``) is no failure.
    """
    try:
        click.echo(text, nl=end)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(
            f"Standard output cannot be written: {error.strerror or error}. Send it elsewhere."
        ) from error


def wrapped(text: str, width: int | None = None) -> str:
    """Break long sentences at `width` columns, by default the terminal's; tables stay."""
    width = width or shutil.get_terminal_size().columns
    lines = []
    for line in text.splitlines():
        is_table = "  " in line.strip()
        lines += [line] if is_table or len(line) <= width else textwrap.wrap(line, width)
    return "\n".join(lines)


def say_warning(text: str) -> None:
    """Print a warning as one line on stderr."""
    click.echo(f"Warning: {' '.join(text.split())}", err=True)


def check_output_file(path: str, *inputs: str) -> None:
    """Make sure, before any work, that a file can be written, and that it is none of the inputs.

    Raises
    ------
    OutputError
        When it cannot.
    """
    file = Path(path)
    if os.path.isdir(file):
        raise OutputError(f"{file} is a folder. Name a file in it.")
    if not os.path.isdir(file.parent):
        raise OutputError(
            f"{file} cannot be written because the folder {file.parent} does not exist. Create it "
            "or choose another place."
        )
    for given in inputs:
        if os.path.exists(file) and os.path.exists(given) and os.path.samefile(file, given):
            raise OutputError(f"{file} is read here and would be replaced. Name another file.")
    prepare_output_folder(file.parent)


def rates_table(columns: Mapping[str, Rates]) -> str:
    """Lay out success rates, a class a line, one column for each set of rows.

    Parameters
    ----------
    columns : mapping of str to dict
        What to call each set of rows, and its ``SuccessRates.to_dict()``; all of the same classes.
    """
    from rich.cells import cell_len, set_cell_size

    sets = list(columns.values())
    lines = [
        [*rates["classes"], {**rates, "label": "all", "rate": rates["accuracy"]}] for rates in sets
    ]
    digits = len(str(max(rates["rows"] for rates in sets)))
    labels = ["class", *(rate["label"] for rate in lines[0])]
    width = min(max(map(cell_len, labels)), LONGEST_NAME)
    cells = [
        list(columns),
        *([_share(rate, digits) for rate in line] for line in zip(*lines, strict=True)),
    ]
    widest = max(len(cell) for line in cells for cell in line)
    return "\n".join(
        "  ".join([set_cell_size(label, width), *(cell.ljust(widest) for cell in line)]).rstrip()
        for label, line in zip(labels, cells, strict=True)
    )


def _share(rate: Rates, digits: int) -> str:
    """Write a rate with its counts and its interval."""
    if rate["rate"] is None:
        return "no rows"
    counts = f"{rate['correct']:{digits}} of {rate['rows']:{digits}}"
    return f"{counts}  {rate['rate']:.3f} ({rate['low']:.3f} to {rate['high']:.3f})"

"""What commands write: checked before the work, written whole after it."""

from __future__ import annotations

__all__ = ["check_output_file", "rates_table", "say"]

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from glassnet.errors import OutputError
from glassnet.files import prepare_output_folder

if TYPE_CHECKING:
    from glassnet.evaluation import ClassRate, SuccessRates

LONGEST_NAME = 30


def say(text: str = "") -> None:
    """Print a line of the account on stdout."""
    click.echo(text)


def check_output_file(path: str, *inputs: str) -> None:
    """Make sure, before any work, that a file can be written, and that it is none of the inputs.

    Raises
    ------
    OutputError
        When it cannot.
    """
    file = Path(path)
    if file.is_dir():
        raise OutputError(f"{file} is a folder. Name a file in it.")
    if not file.parent.is_dir():
        raise OutputError(
            f"{file} cannot be written because the folder {file.parent} does not exist. Create it "
            "or choose another place."
        )
    for given in inputs:
        if file.exists() and os.path.exists(given) and os.path.samefile(file, given):
            raise OutputError(f"{file} is read here and would be replaced. Name another file.")
    prepare_output_folder(file.parent)


def rates_table(columns: Mapping[str, SuccessRates]) -> str:
    """Lay out success rates, a class a line, one column for each set of rows.

    Parameters
    ----------
    columns : mapping of str to SuccessRates
        What to call each set of rows, and its rates; all of the same classes.
    """
    from rich.cells import cell_len, set_cell_size

    sets = list(columns.values())
    labels = ["class", *(rate.label for rate in sets[0].classes), "all"]
    width = min(max(map(cell_len, labels)), LONGEST_NAME)
    digits = len(str(max(rates.rows for rates in sets)))
    cells = [list(columns)]
    cells += [
        [_rate(rates.classes[i], digits) for rates in sets] for i in range(len(sets[0].classes))
    ]
    cells += [[_share(r.correct, r.rows, r.accuracy, r.low, r.high, digits) for r in sets]]
    widest = max(len(cell) for line in cells for cell in line)
    lines = [
        "  ".join([set_cell_size(label, width), *(cell.ljust(widest) for cell in line)]).rstrip()
        for label, line in zip(labels, cells, strict=True)
    ]
    return "\n".join(lines)


def _rate(rate: ClassRate, digits: int) -> str:
    if rate.rate is None:
        return "no rows"
    return _share(rate.correct, rate.rows, rate.rate, rate.low, rate.high, digits)


def _share(correct: int, rows: int, rate: float, low: float, high: float, digits: int) -> str:
    return f"{correct:{digits}} of {rows:{digits}}  {rate:.3f} ({low:.3f} to {high:.3f})"

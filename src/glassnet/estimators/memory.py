"""How much memory a net takes to train, told before it is taken."""

from __future__ import annotations

import os
import pathlib

import numpy as np

from glassnet.model import Network

__all__ = ["check_memory", "check_rows_memory", "ledger_bytes", "training_bytes"]

_WORTH_A_LOOK = 2**28  # bytes; less is always there
_CHUNK_ROWS = 256


def training_bytes(network: Network, dtype: np.dtype[np.floating], n_members: int) -> int:
    """Return about how many bytes the training of a population takes beside the rows.

    Each parameter is there as it starts, as it is trained (with its gradient or the transposed
    coefs, and two moments), and as it is returned; of each unit there are the activations,
    the errors and, for some activations and with dropout, the slopes of the rows that are in work.
    """
    per_parameter = 3 * 8 + 5 * np.dtype(dtype).itemsize
    per_unit = 3 * _CHUNK_ROWS * np.dtype(dtype).itemsize
    units = sum(network.layer_sizes[1:])
    return n_members * (network.n_parameters * per_parameter + units * per_unit)


def ledger_bytes(n_epochs: int, n_rows: int) -> int:
    """Return how many bytes a ledger takes: of each row and epoch a loss and a bit."""
    return n_epochs * (4 * n_rows + -(-n_rows // 8))


def check_memory(
    network: Network,
    dtype: np.dtype[np.floating],
    n_members: int,
    *,
    n_epochs: int = 0,
    n_rows: int = 0,
) -> None:
    """Refuse a population that does not fit.

    Parameters
    ----------
    network : Network
        The shape of its members.
    dtype : dtype
        Of the arithmetic.
    n_members : int
        Members.
    n_epochs, n_rows : int, default=0
        Epochs of all members together that are kept in ledgers, and rows of X.

    Raises
    ------
    MemoryError
        If less memory is there than its training takes.
    """
    ledgers = ledger_bytes(n_epochs, n_rows)
    needed = training_bytes(network, dtype, n_members) + ledgers
    if needed < _WORTH_A_LOOK:
        return
    there = _available_bytes()
    if there is None or needed <= there:
        return
    if needed - ledgers <= there:
        raise MemoryError(
            f"record_examples=True takes up to {ledgers / 2**30:,.1f} GB for the losses of "
            f"{n_rows:,} rows at {n_epochs:,} epochs, and {there / 2**30:,.1f} GB are free. "
            "Lower max_iter, take fewer restarts, or leave record_examples=False."
        )
    nets = "This net has" if n_members == 1 else f"These {n_members} nets have"
    raise MemoryError(
        f"{nets} {n_members * network.n_parameters:,} parameters; to train them takes about "
        f"{needed / 2**30:,.0f} GB, and {there / 2**30:,.1f} GB are free. "
        "Take fewer hidden units, or fewer restarts."
    )


def check_rows_memory(n: int, d: int) -> None:
    """Refuse inputs (n, d) of float32 that do not fit.

    Raises
    ------
    MemoryError
        If less memory is there than they take.
    """
    there, needed = _available_bytes(), 4 * n * d
    if needed >= _WORTH_A_LOOK and there is not None and needed > there:
        raise MemoryError(
            f"The nets' inputs, {n:,} rows of {d:,} numbers, take {needed / 2**30:,.1f} GB, and "
            f"{there / 2**30:,.1f} GB are free. Train on fewer rows or columns."
        )


def _available_bytes() -> int | None:
    """Return the memory that is free, or all there is where the system does not tell; or None."""
    meminfo = pathlib.Path("/proc/meminfo")
    if meminfo.exists():
        for line in meminfo.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None

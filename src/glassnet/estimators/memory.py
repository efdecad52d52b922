"""How much memory a net takes to train, told before it is taken."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterator

import numpy as np

from glassnet.model import Network

__all__ = ["check_memory", "check_rows_memory", "ledger_bytes", "training_bytes"]

_WORTH_A_LOOK = 2**28  # bytes; less is always there
_CHUNK_ROWS = 256
_LBFGS_VECTORS = 2 * 10 + 5
_CGROUPS = pathlib.Path("/sys/fs/cgroup")


def training_bytes(
    network: Network, dtype: np.dtype[np.floating], n_members: int, *, lbfgs: bool = False
) -> int:
    """Return about how many bytes the training of a population takes beside the rows.

    Each parameter is there as it starts, as it is trained (with its gradient or the transposed
    coefs, and two moments), and as it is returned; of each unit there are the activations,
    the errors and, for some activations and with dropout, the slopes of the rows that are in work.
    L-BFGS keeps the last ten steps and their gradients' changes, and some vectors of its own.
    """
    per_parameter = 3 * 8 + 5 * np.dtype(dtype).itemsize + (_LBFGS_VECTORS * 8 if lbfgs else 0)
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
    lbfgs: bool = False,
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
    lbfgs : bool, default=False
        Whether they are trained by L-BFGS.

    Raises
    ------
    MemoryError
        If less memory is there than its training takes.
    """
    ledgers = ledger_bytes(n_epochs, n_rows)
    needed = training_bytes(network, dtype, n_members, lbfgs=lbfgs) + ledgers
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
    """Return the memory that this process can have, or None where nobody tells."""
    found = [there for there in (_free_bytes(), _granted_bytes()) if there is not None]
    return min(found, default=None)


def _granted_bytes() -> int | None:
    """Return what is left of the limits of the process's cgroups; None without any."""
    try:
        lines = pathlib.Path("/proc/self/cgroup").read_text().strip().splitlines()
    except OSError:
        return None
    left: list[int] = []
    for line in lines:  # number:controllers:group, where version 2 names no controllers
        _, controllers, group = line.split(":", 2)
        if not controllers:
            left += _left_of(_CGROUPS, group, "memory.max", "memory.current")
        elif "memory" in controllers.split(","):
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes")
            left += _left_of(_CGROUPS / "memory", group, *names)
    return min(left, default=None)


def _left_of(root: pathlib.Path, group: str, limit: str, usage: str) -> Iterator[int]:
    """Yield what is left of the limit of a group and of each that it is in."""
    own = root / group.lstrip("/")
    for folder in (own, *own.parents):
        if not folder.is_relative_to(root):
            return
        try:
            most = (folder / limit).read_text().strip()
            used = int((folder / usage).read_text())
            stat = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
        except (OSError, ValueError):
            continue
        if most.isdigit():
            # Files that nobody reads at present are given up where memory is wanted.
            yield max(int(most) - used + int(stat.get("inactive_file", 0)), 0)


def _free_bytes() -> int | None:
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

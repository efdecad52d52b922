"""BLAS on one thread, where its own threads would cost more than they bring."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController


@cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()  # finding the loaded libraries takes milliseconds


@contextmanager
def one_blas_thread(*, wanted: bool = True) -> Iterator[None]:
    """Run the block's matrix products on the caller's thread.

    The threads of a BLAS meet in a busy wait, which is quick on idle cores and very slow on
    busy ones; and how a product is cut among them may change its last bits.

    Parameters
    ----------
    wanted : bool, default=True
        With False, nothing is changed.
    """
    if not wanted:
        yield
        return
    with _libraries().limit(limits=1, user_api="blas"):
        yield

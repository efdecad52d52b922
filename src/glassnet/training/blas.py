"""BLAS on one thread, where its own threads would cost more than they bring."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController


@cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()  # finding the loaded libraries takes milliseconds


class _Limit:
    """The process's limit: set by the first who wants it, lifted by the last.

    Otherwise of two Python threads whose blocks overlap, the one that is done first would lift the
    other's limit, and that one would then leave it set for good.
    """

    def __init__(self) -> None:
        self._lock, self._wanted, self._set = threading.Lock(), 0, ExitStack()

    def set(self) -> None:
        with self._lock:
            if self._wanted == 0:
                self._set.enter_context(_libraries().limit(limits=1, user_api="blas"))
            self._wanted += 1

    def lift(self) -> None:
        with self._lock:
            self._wanted -= 1
            if self._wanted == 0:
                self._set.close()


_limit = _Limit()


@contextmanager
def one_blas_thread(*, wanted: bool = True) -> Iterator[None]:
    """Run the block's matrix products on the caller's thread.

    The threads of a BLAS meet in a busy wait, which is quick on idle cores and very slow on
    busy ones; and how a product is cut among them may change its last bits. Several Python threads
    may be in such blocks at a time.

    Parameters
    ----------
    wanted : bool, default=True
        With False, nothing is changed.
    """
    if not wanted:
        yield
        return
    _limit.set()
    try:
        yield
    finally:
        _limit.lift()

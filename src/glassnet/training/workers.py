"""A few threads that share a list of jobs, with a BLAS of one thread each."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, final

import joblib

from glassnet.training.blas import one_blas_thread


@final
class Workers:
    """Some threads, as many as there are cores by default, or only the caller's.

    It is a context manager.
    While it is open, BLAS runs on one thread a call: the result of a job then depends neither
    on the number of cores nor on which thread takes it.
    """

    def __init__(self, n_threads: int | None = None, *, several: bool = True) -> None:
        self._n_threads: int = (n_threads or joblib.cpu_count()) if several else 1

    def __enter__(self) -> Workers:
        """Start the threads."""
        self._limit = one_blas_thread()
        self._limit.__enter__()
        self._pool = ThreadPoolExecutor(self._n_threads)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the threads and give BLAS its own back."""
        self._pool.shutdown()
        self._limit.__exit__(kind, error, traceback)

    def run(self, job: Callable[[Any], object], items: Sequence[Any]) -> None:
        """Call the job on every item, in any order, and wait for all."""
        n_threads = min(self._n_threads, len(items))
        if n_threads <= 1:
            for item in items:
                job(item)
            return
        queue = deque(items)

        def work(_: int) -> None:
            while True:
                try:
                    item = queue.popleft()
                except IndexError:
                    return
                job(item)

        list(self._pool.map(work, range(n_threads)))

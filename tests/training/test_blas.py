"""BLAS on one thread, for as long as anybody wants it."""

from __future__ import annotations

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from glassnet.training.blas import one_blas_thread


def most_threads() -> int:
    return max(found["num_threads"] for found in threadpool_info() if found["user_api"] == "blas")


def test_blocks_may_overlap() -> None:
    with threadpool_limits(3, user_api="blas"):
        before = most_threads()
        first, second = one_blas_thread(), one_blas_thread()
        first.__enter__()
        second.__enter__()
        assert most_threads() == 1
        first.__exit__(None, None, None)
        assert most_threads() == 1
        second.__exit__(None, None, None)
        assert most_threads() == before


def test_what_is_raised_within_lifts_the_limit() -> None:
    with threadpool_limits(3, user_api="blas"):
        before = most_threads()
        with pytest.raises(KeyboardInterrupt), one_blas_thread():
            raise KeyboardInterrupt
        assert most_threads() == before


def test_unwanted_it_changes_nothing() -> None:
    with threadpool_limits(3, user_api="blas"):
        before = most_threads()
        with one_blas_thread(wanted=False):
            assert most_threads() == before

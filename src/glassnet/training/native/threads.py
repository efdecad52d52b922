"""How many threads the core may use."""

from __future__ import annotations

from sklearn.utils import _openmp_helpers

from glassnet import _core


def default_threads() -> int:
    """Return the threads that this process may use, as far as anybody has said.

    The core asks for the processors that the process may run on, the cgroup's limit and the
    environment variables OMP_NUM_THREADS and LOKY_MAX_CPU_COUNT. What threadpoolctl limits is
    OpenMP's: scikit-learn knows of that, and of joblib's limits.
    """
    threads = _core.default_threads()
    if threads > 1 and _openmp_helpers._openmp_parallelism_enabled():
        allowed = _openmp_helpers._openmp_effective_n_threads(only_physical_cores=False)
        threads = min(threads, max(int(allowed), 1))
    return threads

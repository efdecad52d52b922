"""glassnet beside scikit-learn, in one run: the same work, alternately, medians and ratios.

    python benchmarks/speed.py [--rounds 5] [--data FOLDER] [--markdown] [CASE ...]

Both sides get the same arguments and the same float64 rows. Each side is run once to warm up, then
both in turn, `--rounds` times; a line prints the medians and their ratio, how many times sooner
glassnet is done, beside the ratio that the project asks of itself. A ratio below that is marked.
The document's net is also run in PyTorch and in JAX, where these are installed. FOLDER holds X.csv
and y.csv (5000 images of 20x20 pixels) and mnist.npz; where they are absent, made-up rows of the
same shape stand in.

scikit-learn is as fast as its BLAS: the first line says for which processor OpenBLAS has chosen its
kernels. A variable OPENBLAS_CORETYPE that names an older one slows it: unset it.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import platform
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import sklearn
from cases import Case, cases
from others import others
from threadpoolctl import threadpool_info

from data import FOLDER, images

PAUSE = 0.4


def seconds(work: Callable[[], Any], repeats: int) -> float:
    """Return the seconds that the work takes once.

    Before it, a pause: the threads of the other side's BLAS go on looking for work for some tenths
    of a second, on the cores that this side would use. It is spent awake: a processor that has
    slept takes about half a second to come back to its speed.
    """
    until = time.perf_counter() + PAUSE
    while time.perf_counter() < until:
        pass
    start = time.perf_counter()
    for _ in range(repeats):
        work()
    return (time.perf_counter() - start) / repeats


def compare(case: Case, rounds: int) -> tuple[float, float, str]:
    """Return the median seconds of both sides, and how well their results agree."""
    said = case.agree(case.theirs(), case.ours())
    rounds = min(rounds, case.most_rounds or rounds)
    times = [
        (seconds(case.theirs, case.repeats), seconds(case.ours, case.repeats))
        for _ in range(rounds)
    ]
    their_times, our_times = zip(*times, strict=True)
    return statistics.median(their_times), statistics.median(our_times), said


def kernels_of_blas() -> str:
    """Return the processors that the BLAS libraries in use have chosen their kernels for."""
    found = {str(each.get("architecture", "any")) for each in threadpool_info()}
    return " and ".join(sorted(found))


def shown(seconds: float) -> str:
    """Return a time with three digits."""
    for unit, size in (("s", 1), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} us"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("only", nargs="*", metavar="CASE", help="cases whose name holds this")
    parser.add_argument("--rounds", type=int, default=5, help="counted runs of each side")
    parser.add_argument("--data", type=pathlib.Path, default=FOLDER, help="folder of the rows")
    parser.add_argument("--markdown", action="store_true", help="print a table for a README")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    os.environ["PYTHONWARNINGS"] = "ignore"  # of the processes that joblib starts
    line = "{:<56} {:>9} {:>9} {:>7} {:>6}  {}"
    if asked.markdown:
        line = "| {} | {} | {} | {} | {} | {} |"
    machine = f"{platform.machine()}, BLAS for {kernels_of_blas()}"
    print(f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}, {machine}\n")
    print(line.format("work", "theirs", "ours", "ratio", "goal", "theirs / ours"))
    if asked.markdown:
        print("|---|--:|--:|--:|--:|---|")
    for make in [*cases(asked.data), *others(lambda: images(asked.data))]:
        case = make()
        if asked.only and not any(word in case.name for word in asked.only):
            continue
        theirs, ours, said = compare(case, asked.rounds)
        ratio = theirs / ours
        mark = "" if ratio >= case.goal else "; SLOWER" if ratio < 1 else "; short of its goal"
        figures = (shown(theirs), shown(ours), f"{ratio:.1f}x", f"{case.goal:g}x", said + mark)
        print(line.format(case.name, *figures), flush=True)


if __name__ == "__main__":
    main()

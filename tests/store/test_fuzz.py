"""Ten thousand mutated model files: each loads, or a sentence says why not, and nothing else."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import pytest

FUZZ = pathlib.Path(__file__).with_name("fuzz.py")
COUNT = 10_000


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits memory as Linux does")
def test_ten_thousand_mutated_files_do_no_harm() -> None:
    """A process of its own, so that its memory can be limited and a crash be seen."""
    done = subprocess.run(
        [sys.executable, FUZZ, str(COUNT), "2026"],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    report = json.loads(done.stdout)
    assert report["failures"] == []
    assert report["loaded"] + report["refused"] == COUNT
    assert (
        report["loaded"] > COUNT / 20
    )  # some changes do no harm, and the parts behind are reached
    assert report["refused"] > COUNT / 2
    assert report["grown_mb"] < 200
    assert report["slowest_s"] < 5
    assert report["files"] == ["model.safetensors"]


HARMS = {
    "os.system('true')": "os.system",
    "open('pwned', 'w')": "open",
    "exec('1')": "compile",
    "bytearray(250 * 2**20)": "MemoryError",
    "[0 for _ in iter(int, 1)]": "longer than 0.2 s",
    "int('x')": "ValueError",
}
PROGRAM = """
import json, os, sys
sys.path.insert(0, {folder!r})
import fuzz, glassnet
fuzz.LIMIT_SECONDS, harms, whole = 0.2, {harms!r}, glassnet.load
def load(path):
    if fuzz.watching:
        turn = fuzz.turn = fuzz.turn + 1
        try:
            HARMFUL[turn]()
        except OSError as error:  # as a loader might
            raise fuzz.ModelFileError("broken") from error
    return whole(path)
fuzz.turn, HARMFUL = -1, [eval("lambda: " + harm) for harm in harms]
glassnet.load = load
print(json.dumps(fuzz.run(len(harms), 0)["failures"]))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits memory as Linux does")
def test_the_fuzz_test_sees_harm() -> None:
    """A loader that does harm is found out; else the test above would prove nothing."""
    program = PROGRAM.format(folder=str(FUZZ.parent), harms=list(HARMS))
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    failures = json.loads(done.stdout)
    assert len(failures) == len(HARMS), failures
    for number, (told, failure) in enumerate(zip(HARMS.values(), failures, strict=True)):
        assert failure.startswith(f"{number}: "), failure
        assert told in failure

"""Feed mutated model files to `load`, in a process of its own; print what happened as JSON.

`python tests/store/fuzz.py COUNT SEED` mutates the kept files, COUNT times. Only a ModelFileError
may come out of `load`. Memory beyond LIMIT_BYTES fails as MemoryError; a file that takes longer
than LIMIT_SECONDS, and anything that runs code, opens a file for writing, or goes to the network,
is stopped and told.
"""

from __future__ import annotations

import copy
import json
import os
import pathlib
import random
import signal
import struct
import sys
import tempfile
import time
from typing import Any

import glassnet
from glassnet.errors import ModelFileError

FILES = pathlib.Path(__file__).parent / "files"
LIMIT_BYTES = 200 * 2**20
LIMIT_SECONDS = 5
FORBIDDEN = (
    "compile", "exec", "import", "os.exec", "os.fork", "os.posix_spawn", "os.remove", "os.rename",
    "os.system", "pickle.find_class", "marshal.loads", "socket.", "subprocess.Popen", "ctypes.",
    "shutil.", "code.__new__", "urllib.Request", "tempfile.",
)  # fmt: skip
STRANGE = [
    None, True, False, 0, 1, -1, 2, 7, 624, 625, 2**31, 2**63, 2**64, -(2**70), 10**400, 0.5, -0.0,
    1e308, 1e-320, "", "a", "inf", "nan", "\x00", "\ud7ff", "x" * 5000, [], {}, [[]], [None], [{}],
    {"class": "os.system", "parameters": {"command": "touch pwned"}, "fitted": {}},
    {"class": "builtins.eval", "parameters": {"source": "1"}, "fitted": {}},
    {"class": "sklearn.FunctionTransformer", "parameters": {"func": "print"}, "fitted": {}},
    {"class": "sklearn.Pipeline", "parameters": {"steps": []}, "fitted": {}},
    {"class": "sklearn.StandardScaler", "parameters": {}, "fitted": {}},
    {"class": "glassnet.AdamState", "fitted": {}}, {"float": "nan"}, {"float": "1e9"},
    {"tuple": []}, {"dict": [[1, 2, 3]]}, {"dict": [[[], 1]]}, {"slice": [0, 10**18, 1]},
    {"scalar": 300, "dtype": "uint8"}, {"scalar": "a", "dtype": "U999999"}, {"index": [[], {}]},
    {"values": ["a"] * 50, "dtype": "U999999"}, {"values": [{}], "dtype": "object"},
    {"dtype": "U999999"}, {"dtype": "O,O"}, {"type": "eval"}, {"type": "int"}, {"array": "nowhere"},
    {"random_state": {"key": {"array": "nowhere"}, "pos": 9999, "has_gauss": 0, "gauss": 0.0}},
    {"sparse": {"array": "nowhere"}}, {"floats": "coefs_.0"}, {"array": "coefs_.0", "order": "F"},
    {"preprocessing": {}}, {"preprocessing": None},
]  # fmt: skip
Header = dict[str, Any]


def parted(content: bytes) -> tuple[Header, Any, bytes]:
    """Return a file's header, what it says of the model, and the bytes of its arrays."""
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    return header, json.loads(header["__metadata__"]["glassnet"]), content[8 + length :]


def joined(header: Header, described: Any, arrays: bytes) -> bytes:
    header = {**header, "__metadata__": {"glassnet": json.dumps(described)}}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + arrays


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return (container, key) of everything in JSON."""
    found, left = [], [value]
    while left:
        held = left.pop()
        keys = (
            held if isinstance(held, dict) else range(len(held)) if isinstance(held, list) else ()
        )
        for key in keys:
            found.append((held, key))
            left.append(held[key])
    return found


def change_json(value: Any, rng: random.Random) -> None:
    """Replace, swap, rename, leave out or double a part of JSON, somewhere, in place."""
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        there = places(value)
        if not there:
            return
        (held, key), (other, other_key) = rng.choice(there), rng.choice(there)
        kind = rng.randrange(7)
        if kind == 0:
            held[key] = copy.deepcopy(rng.choice(STRANGE))
        elif kind == 1:
            held[key] = copy.deepcopy(other[other_key])
        elif kind == 2:
            held.pop(key)
        elif kind == 3 and isinstance(held, list):
            held.extend(copy.deepcopy(held[key : key + 1]) * rng.choice([1, 2, 50]))
        elif kind == 4 and isinstance(held, dict):
            held[rng.choice([str(other_key), "class", "__class__", "x"])] = held.pop(key)
        elif kind == 5 and isinstance(held[key], int | float):
            held[key] = rng.choice([held[key] + 1, -held[key], held[key] * 10**6, f"{held[key]}"])
        elif kind == 6:
            for _ in range(rng.choice([5, 60, 400])):
                held[key] = rng.choice([[held[key]], {"tuple": [held[key]]}])


def damaged(content: bytes, rng: random.Random) -> bytes:
    """Flip, cut, insert or swap bytes."""
    data = bytearray(content)
    kind = rng.randrange(5)
    if kind == 0:
        for _ in range(rng.randint(1, 4)):
            data[rng.randrange(len(data))] = rng.randrange(256)
    elif kind == 1:
        del data[rng.randrange(len(data)) :]
    elif kind == 2:
        at = rng.randrange(len(data))
        data[at:at] = rng.randbytes(rng.randint(1, 9))
    elif kind == 3:
        digits = [i for i, byte in enumerate(data) if 48 <= byte <= 57 and i >= 8]
        data[rng.choice(digits)] = rng.choice(b"0123456789-.e")
    else:
        data[:8] = struct.pack("<Q", rng.choice([0, 2, len(data), len(data) - 8, 10**8, 2**63]))
    return bytes(data)


def mutated(content: bytes, rng: random.Random) -> bytes:
    """Return a mutation of a file: half keep the container whole and change what it says."""
    if rng.random() < 0.3:
        return damaged(content, rng)
    header, described, arrays = parted(content)
    kind = rng.randrange(8)
    if kind < 6:
        change_json(described, rng)
    elif kind == 6:
        change_json({name: entry for name, entry in header.items() if name[0] != "_"}, rng)
    elif arrays:
        data = bytearray(arrays)
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(0, max(len(data) - 7, 1), 8)
            wild = struct.pack("<d", rng.choice([float("nan"), float("inf"), 1e308, -1.0, 0.0]))
            data[at : at + 8] = wild[: len(data) - at]
        arrays = bytes(data)
    return joined(header, described, arrays)


def guard(event: str, args: tuple[Any, ...]) -> None:
    """Refuse what a model file must never lead to."""
    if not watching:
        return
    writes = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    if writes or event.startswith(FORBIDDEN):
        stopped(f"{event} {args!r:.300}")


def stopped(reason: str) -> None:
    """Stop the loader, and remember it: the loader might take the exception for a broken file."""
    harms.append(reason)
    raise PermissionError(reason)


watching = False
harms: list[str] = []


def run(count: int, seed: int) -> dict[str, Any]:
    """Load so many mutated files; return what came of it."""
    global watching
    import resource  # not on Windows, where this file is looked at for doctests all the same

    rng = random.Random(seed)
    files = sorted(FILES.glob("*.safetensors"))
    wholes = [file.read_bytes() for file in files]
    # Those that prepare tables take ten times as long to load; they come up a third as often.
    weights = [1 if b"preprocessing" in whole else 3 for whole in wholes]
    for file in files:
        repr(glassnet.load(file))  # imports what scikit-learn imports when it is first used
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    mapped = int(pathlib.Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + LIMIT_BYTES, mapped + LIMIT_BYTES))
    too_long = f"it took longer than {LIMIT_SECONDS} s"
    signal.signal(signal.SIGALRM, lambda *_: stopped(too_long))
    sys.addaudithook(guard)
    outcomes = {"loaded": 0, "refused": 0}
    failures: list[str] = []
    slowest, start = 0.0, time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        path = pathlib.Path("model.safetensors")
        for number in range(count):
            sys.setrecursionlimit(20_000)  # to write what is nested deeply
            path.write_bytes(mutated(rng.choices(wholes, weights)[0], rng))
            sys.setrecursionlimit(1000)
            began = time.perf_counter()
            signal.setitimer(signal.ITIMER_REAL, LIMIT_SECONDS)
            watching = True
            try:
                glassnet.load(path)
                outcomes["loaded"] += 1
            except ModelFileError as error:
                outcomes["refused"] += 1
                if "\n" in str(error) or len(str(error)) > 600:
                    failures.append(f"{number}: no sentence: {error!s:.700}")
            except BaseException as error:
                failures.append(f"{number}: {type(error).__name__}: {error!s:.300}")
            finally:
                watching = False
                failures += [f"{number}: {harm}" for harm in harms]
                harms.clear()
                signal.setitimer(signal.ITIMER_REAL, 0)
            slowest = max(slowest, time.perf_counter() - began)
        left = sorted(os.listdir())
        os.chdir("/")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used
    return {
        **outcomes,
        "failures": failures,
        "files": left,
        "grown_mb": grown / 1024,
        "slowest_s": slowest,
        "seconds": time.perf_counter() - start,
    }


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]), int(sys.argv[2]))))

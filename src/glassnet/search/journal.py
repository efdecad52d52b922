"""A journal on the disk: a search that was killed goes on where it was."""

from __future__ import annotations

__all__ = ["Journal"]

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, final

import numpy as np

from glassnet.errors import OutputError
from glassnet.files import atomic_write_bytes, atomic_write_text, prepare_output_folder
from glassnet.search.frozen import frozen, thawed
from glassnet.search.trial import Trial

_PLAN = "plan.json"


@final
class Journal:
    """A listener that writes down each trial, and knows those of an earlier run.

    Each trained chunk is a file of plain arrays, written whole or not at all; a later comparison's
    file stands beside it. What cannot be read is trained again.

    Parameters
    ----------
    folder : str or path
        Where it is kept.
    plan : dict
        All that the search depends on, in JSON; another plan's journal is refused.

    Raises
    ------
    OutputError
        If the folder holds the journal of another search, or cannot be written to.
    """

    def __init__(self, folder: str | Path, plan: dict[str, Any]) -> None:
        self._folder = prepare_output_folder(folder)
        self._known: dict[tuple[int, tuple[int, int, int]], Path] = {}
        text = json.dumps(plan, indent=1, sort_keys=True)
        path = self._folder / _PLAN
        if path.exists():
            if path.read_text(encoding="utf-8") != text:
                raise OutputError(
                    f"{self._folder} holds a search of other data or with other options. Name "
                    "another folder, or remove that one."
                )
            self._look()
        else:
            atomic_write_text(path, text)

    @property
    def n_known(self) -> int:
        """Trials at the ends of comparisons that were written down."""
        return len(self._known)

    def _look(self) -> None:
        """Find what an earlier run wrote."""
        for path in sorted(self._folder.glob("*.npz")):
            try:
                with path.open("rb") as stream, np.load(stream, allow_pickle=False) as found:
                    keys = found["keys"]
                    if keys.ndim != 2 or keys.shape[1] != 4:
                        continue
                    for rung, *key in keys.tolist():
                        self._known[int(rung), (int(key[0]), int(key[1]), int(key[2]))] = path
            except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
                continue

    def recalls(self, trial: Trial, rung: int) -> Trial | None:
        """Return a trial as it was after a rung, if that was written down."""
        path = self._known.get((rung, trial.key))
        if path is None:
            return None
        prefix = _prefix(trial)
        try:
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as found:
                names = [name for name in found.files if name.startswith(prefix)]
                return thawed(trial, {name.removeprefix(prefix): found[name] for name in names})
        except (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile):
            return None

    def hears(self, trials: Sequence[Trial], rung: int) -> None:
        """Write a trained chunk down."""
        arrays = {"keys": np.array([(rung, *trial.key) for trial in trials], dtype=np.int64)}
        for trial in trials:
            arrays |= {_prefix(trial) + name: value for name, value in frozen(trial).items()}
        content = io.BytesIO()
        np.savez(content, allow_pickle=False, **arrays)
        name = hashlib.sha256(arrays["keys"].tobytes()).hexdigest()[:16]
        atomic_write_bytes(self._folder / f"rung{rung}-{name}.npz", content.getvalue())

    def cuts(self, going_on: Sequence[int], rung: int) -> None:
        """Know that without being told: it follows from the scores."""


def _prefix(trial: Trial) -> str:
    return "{}.{}.{}/".format(*trial.key)

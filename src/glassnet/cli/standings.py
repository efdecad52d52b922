"""The standings of a search: a live table on a terminal, a text at its end."""

from __future__ import annotations

__all__ = ["Standings"]

from collections.abc import Iterable, Sequence
from typing import Any, final

from rich.console import Console
from rich.live import Live
from rich.table import Table

SHOWN = 8


@final
class Standings:
    """The best candidates so far: live on a terminal, a text at the end.

    Parameters
    ----------
    space : iterable of str
        The parameters that are searched.
    """

    def __init__(self, space: Iterable[str]) -> None:
        self._scores: dict[int, dict[tuple[int, int, int], tuple[int, float]]] = {}
        self._parameters: dict[int, dict[str, Any]] = {}
        self._epochs: dict[int, int] = {}
        console = Console(stderr=True)
        self._live = Live(console=console, transient=True) if console.is_terminal else None
        self._names = sorted(space)
        self._n_nets = 0

    def __enter__(self) -> Standings:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_: Any) -> None:
        if self._live is not None:
            self._live.stop()

    def hears(self, trials: Sequence[Any], rung: int) -> None:
        """Take note of trained nets."""
        for trial in trials:
            scores = self._scores.setdefault(trial.candidate, {})
            scores[trial.key] = (rung, trial.score)
            self._parameters[trial.candidate] = {
                name: getattr(trial.net, name) for name in self._names
            }
            self._epochs[trial.candidate] = trial.n_epochs
        self._n_nets += len(trials)
        if self._live is not None:
            self._live.update(self._table())

    def cuts(self, going_on: Sequence[int], rung: int) -> None:
        """Hear who goes on; the table shows it by their epochs."""

    def _best(self) -> list[tuple[int, int, float]]:
        """Return candidate, rung and mean score, the best first."""
        found = []
        for candidate, scores in self._scores.items():
            rung = max(rung for rung, _ in scores.values())
            here = [score for at, score in scores.values() if at == rung]
            found.append((candidate, rung, sum(here) / len(here)))
        # A score that is no number, of a net that diverged, is the worst.
        return sorted(found, key=lambda each: (-each[1], -each[2] if each[2] == each[2] else 2.0))

    def _table(self) -> Table:
        table = Table(
            title=f"{len(self._scores)} candidates, {self._n_nets} nets trained",
            title_justify="left",
        )
        for name in (*self._names, "epochs", "mean score"):
            table.add_column(name, justify="right")
        for line in self._lines():
            table.add_row(*line)
        return table

    def _lines(self) -> list[tuple[str, ...]]:
        return [
            (
                *(_shown(self._parameters[candidate][name]) for name in self._names),
                str(self._epochs[candidate]),
                f"{score:.4f}",
            )
            for candidate, _, score in self._best()[:SHOWN]
        ]

    def text(self) -> str:
        """Return the table as plain text."""
        lines = [(*self._names, "epochs", "mean score"), *self._lines()]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
            for line in lines
        )


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "x".join(map(str, value))
    return f"{value:.4g}" if isinstance(value, float) else str(value)

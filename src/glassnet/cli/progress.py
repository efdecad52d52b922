"""Signs of life on the terminal, for work that takes more than a second."""

from __future__ import annotations

__all__ = ["TrainingProgress", "working"]

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Any, Self, final

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

DELAY = 1.0  # seconds; what is over sooner needs no bar


@final
class _Delayed:
    """A rich progress display that appears after a while, and only on a terminal."""

    def __init__(
        self, columns: list[ProgressColumn], console: Console | None, delay: float
    ) -> None:
        console = console or Console(stderr=True)
        self.progress = Progress(*columns, console=console, transient=True)
        self._timer = Timer(delay, self.progress.start) if console.is_terminal else None

    @property
    def is_shown(self) -> bool:
        """Whether there is a terminal to show it on."""
        return self._timer is not None

    def start(self) -> None:
        """Start the clock."""
        if self._timer is not None:
            self._timer.daemon = True
            self._timer.start()

    def stop(self) -> None:
        """Take the display away."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()
            self.progress.stop()


@contextmanager
def working(what: str, *, delay: float = DELAY, console: Console | None = None) -> Iterator[None]:
    """Show a spinner with the time it takes, while the block runs.

    Parameters
    ----------
    what : str
        What is being done, such as "Reading X.csv".
    delay : float, default=1.0
        Seconds before it appears.
    console : Console, default=None
        Where; by default stderr. Nothing is shown where that is no terminal.
    """
    columns = [SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn()]
    display = _Delayed(columns, console, delay)
    display.progress.add_task(what, total=None)
    display.start()
    try:
        yield
    finally:
        display.stop()


@final
class TrainingProgress:
    """A monitor of the training: epochs done, the loss, the time left.

    A context manager; give it to ``fit_monitored``, or to a study, whose steps it names.

    Parameters
    ----------
    what : str
        What is done first, such as "Training".
    epochs : int
        Most epochs of a member.
    members : int, default=1
        Members that are trained.
    delay : float, default=1.0
        Seconds before the bar appears.
    console : Console, default=None
        Where; by default stderr. Nothing is shown where that is no terminal.
    """

    def __init__(
        self,
        what: str,
        epochs: int,
        *,
        members: int = 1,
        delay: float = DELAY,
        console: Console | None = None,
    ) -> None:
        columns = [
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[said]}", markup=False),
            TimeRemainingColumn(),
        ]
        self._display = _Delayed(columns, console, delay)
        self._total = epochs * members
        self._epochs: dict[int, int] = {}
        self._task = self._display.progress.add_task(what, total=None, said="")

    def __enter__(self) -> Self:
        """Start the clock."""
        self._display.start()
        return self

    def __exit__(self, *_: Any) -> None:
        """Take the bar away."""
        self._display.stop()

    def step(self, name: str) -> None:
        """Hear that another step begins: its name is shown, and a bar once it trains."""
        self._epochs.clear()
        self._display.progress.reset(self._task, total=None, description=name, said="")

    def epoch_ends(self, member: int, epoch: int, loss: float, score: float | None) -> None:
        """Move the bar on."""
        if not self._display.is_shown:
            return
        self._epochs[member] = epoch
        done = sum(self._epochs.values())
        said = f"epoch {done} of {self._total}, loss {loss:.4g}"
        self._display.progress.update(self._task, total=self._total, completed=done, said=said)

    def says(self, member: int, message: str) -> None:
        """Hear a message; how training ended is told by the estimator."""

"""Who watches a logistic regression while it is fitted: a printer, scikit-learn's callbacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, final

from numpy.typing import NDArray

# Parameters (m, p) of all members to the estimator's coef_ and intercept_.
AsAttributes = Callable[[NDArray[Any]], dict[str, NDArray[Any]]]


@final
class Printer:
    """Prints the mean objective after each iteration, class by class."""

    def epoch_ends(self, member: int, epoch: int, loss: float, score: float | None) -> None:
        """Print it."""
        print(f"Problem {member}, iteration {epoch}, loss = {loss:.8f}")

    def says(self, member: int, message: str) -> None:
        """Print why a problem is finished."""
        print(f"Problem {member}: {message}")


@final
class Callbacks:
    """Tells an estimator's callbacks of the fit, and of each iteration as a task of its own.

    It is scikit-learn 1.9's protocol, and scikit-learn's order of it: a task begins as soon as the
    one before has ended, so that the last is empty. Callbacks that ask for the `fitted_estimator`
    get one with the coefs of that iteration; nothing is computed for those that do not ask.

    Parameters
    ----------
    estimator : LogisticRegression
        Its callbacks are told.
    data : dict
        `X`, `y` and `metadata`, as the callbacks are to see them.
    max_iter : int
        Most iterations.
    printer : Printer or None
        Who else is told.

    Attributes
    ----------
    as_attributes : callable
        Turns parameters into what a `fitted_estimator` needs; to be set before the training.
    stopped : bool
        Whether a callback asked to stop the training.
    """

    def __init__(
        self, estimator: Any, data: dict[str, Any], max_iter: int, printer: Printer | None
    ) -> None:
        self._estimator, self._data, self._printer = estimator, data, printer
        self._fit = estimator._init_callback_context(max_subtasks=max(max_iter, 1) + 1)
        self._fit.call_on_fit_task_begin(estimator=estimator, **data)
        self._iteration: Any = None
        self._n_ended = 0
        self.as_attributes: AsAttributes = lambda parameters: {}
        self.stopped = False

    def epoch_ends(self, member: int, epoch: int, loss: float, score: float | None) -> None:
        """Pass it on to the printer."""
        if self._printer:
            self._printer.epoch_ends(member, epoch, loss, score)

    def says(self, member: int, message: str) -> None:
        """Pass it on to the printer."""
        if self._printer:
            self._printer.says(member, message)

    def iteration_ends(self, iteration: int, parameters: Callable[[], NDArray[Any]]) -> None:
        """End the task of the iteration that is over, and begin the next."""

        def attributes() -> dict[str, NDArray[Any]]:
            return self.as_attributes(parameters())

        told = {"estimator": self._estimator, **self._data, "reconstruction_attributes": attributes}
        if self._iteration is not None:
            self._n_ended += 1
            self.stopped = self._iteration.call_on_fit_task_end(**told)
        self._begin(told)
        if self.stopped:
            raise KeyboardInterrupt

    def fit_ends(self) -> None:
        """End the empty task, and the fit. A fit has one iteration at least, if an empty one."""
        told = {"estimator": self._estimator, **self._data}
        if self._iteration is not None:
            if not self._n_ended:
                self._iteration.call_on_fit_task_end(**told)
                self._begin(told)
            self._iteration.call_on_fit_task_end(**told)
        self._fit.call_on_fit_task_end(**told, reconstruction_attributes={})

    def _begin(self, told: dict[str, Any]) -> None:
        self._iteration = self._fit.subcontext(task_name=f"{self._estimator.solver}-iter")
        self._iteration.call_on_fit_task_begin(**told)

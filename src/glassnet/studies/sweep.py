"""A sweep: a search over a net's parameters on a data set, in a folder that it can go on from."""

from __future__ import annotations

__all__ = ["SweepOptions", "SweepResult", "sweep_dataset"]

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import glassnet
from glassnet.data import Dataset, Preprocessor
from glassnet.errors import DataError
from glassnet.estimators import MLPClassifier, TrainedModel
from glassnet.estimators.holdout import split_rows
from glassnet.evaluation import SuccessRates, success_rates
from glassnet.files import atomic_folder_write
from glassnet.report import write_page
from glassnet.search import MLPClassifierCV
from glassnet.search.candidates import DEFAULT_SPACE
from glassnet.search.journal import Journal
from glassnet.search.trial import Trial
from glassnet.store import save_model
from glassnet.training import Monitor

JOURNAL, RESULTS, REPORT, MODEL = "journal", "results.csv", "sweep.html", "net.safetensors"
# Trials that are trained together: few enough that a killed sweep loses little.
CHUNK = 20


@dataclass(frozen=True)
class SweepOptions:
    """What may be asked of a sweep.

    Attributes
    ----------
    space : dict
        Values or distributions of the net's parameters; see `MLPClassifierCV`.
    parameters : dict
        Parameters that all candidates share.
    n_candidates : int or None, default=None
        Candidates to draw; None for all of a grid.
    folds : int, default=5
        Folds of the cross-validation.
    n_restarts : int, default=1
        Random starts of each candidate on each fold.
    halving : float or None, default=3
        One candidate in so many goes on after a comparison; None trains all to the end.
    holdout : float, default=0.1
        Share of rows that the sweep never sees, to measure what it finds; 0 for none.
    seed : int, default=0
        Draws the held-out rows, the candidates, the folds and the first start.
    scale : str, default="auto"
        How columns are scaled; see `glassnet.data.Preprocessor`.
    n_jobs : int or None, default=None
        Jobs of joblib; None for threads of this process.
    """

    space: dict[str, Any] = field(default_factory=lambda: dict(DEFAULT_SPACE))
    parameters: dict[str, Any] = field(default_factory=dict)
    n_candidates: int | None = None
    folds: int = 5
    n_restarts: int = 1
    halving: float | None = 3.0
    holdout: float = 0.1
    seed: int = 0
    scale: str = "auto"
    n_jobs: int | None = None


@dataclass(frozen=True, eq=False)
class SweepResult:
    """What a sweep found.

    Attributes
    ----------
    search : MLPClassifierCV
        The fitted search.
    model : TrainedModel
        The best candidate, fitted to all rows but those held out.
    holdout : SuccessRates or None
        How well it does on the rows that the sweep never saw.
    options : SweepOptions
        What was asked.
    seconds : float
        How long it took, without what an earlier run had done.
    """

    search: MLPClassifierCV
    model: TrainedModel
    holdout: SuccessRates | None
    options: SweepOptions
    seconds: float

    @property
    def best_in_words(self) -> str:
        """The best candidate as a text."""
        found = sorted(self.search.best_params_.items())
        return ", ".join(f"{name} {_text(value)}" for name, value in found)

    def table(self) -> pd.DataFrame:
        """Return a line a candidate, the best first."""
        found = self.search.cv_results_
        names = sorted({name for each in found["params"] for name in each})
        columns = {name: [_text(each.get(name)) for each in found["params"]] for name in names}
        kept = [
            name
            for name in found
            if name.endswith("_score") or name in ("rung", "mean_n_epochs", "mean_fit_time")
        ]
        frame = pd.DataFrame(columns | {name: found[name] for name in kept})
        return frame.sort_values("rank_test_score", kind="stable", ignore_index=True)

    def write(self, out: str | Path) -> Path:
        """Write the table, the model and a page into a folder; return the page's path."""
        from glassnet.studies.sweep_page import page_of

        with atomic_folder_write(out) as staging:
            self.table().to_csv(staging / RESULTS, index=False)
            save_model(self.model, staging / MODEL)
            write_page(page_of(self), staging / REPORT)
        return Path(out) / REPORT


def sweep_dataset(
    dataset: Dataset,
    options: SweepOptions,
    out: str | Path,
    *,
    listener: Any = None,
    monitor: Monitor | None = None,
) -> SweepResult:
    """Search a net's parameters on a data set.

    Every chunk of trained nets is written to a journal in the folder; a sweep of the same data and
    options that finds it there goes on where it was.

    Parameters
    ----------
    dataset : Dataset
        The rows.
    options : SweepOptions
        What to search, and how.
    out : str or path
        The folder of the journal.
    listener : object or None
        Its ``begins(n_candidates, n_trials, n_known)``, ``hears(trials, rung)`` and
        ``cuts(going_on, rung)`` follow the search.
    monitor : Monitor or None
        Hears of every epoch.

    Raises
    ------
    DataError
        If the rows cannot be searched.
    KeyboardInterrupt
        If somebody stops it. The journal knows what was done.
    """
    start = time.perf_counter()
    y = np.asarray(dataset.y)
    train, held_out = split_rows(y, options.holdout, options.seed)
    rows = dataset.subset(train)
    preprocessor = Preprocessor.for_dataset(rows, options.scale).fit(rows.X)
    X = preprocessor.transform(rows.X)
    smallest = int(np.unique(y[train], return_counts=True)[1].min())
    if smallest < options.folds:
        raise DataError(
            f"A class has {smallest} rows, and each of {options.folds} folds needs one of it. "
            "Take fewer folds."
        )
    journal = Journal(Path(out) / JOURNAL, _plan(X, y[train], options))
    search = MLPClassifierCV(
        options.space,
        estimator=MLPClassifier(**options.parameters, random_state=options.seed),
        n_candidates=options.n_candidates,
        cv=_folds(options),
        n_restarts=options.n_restarts,
        halving=options.halving,
        random_state=options.seed,
        n_jobs=options.n_jobs,
    )
    both = _Both(journal, listener)
    try:
        search.fit_followed(X, y[train], listener=both, monitor=monitor, chunk_size=CHUNK)
    except ValueError as error:  # parameters out of range, or every candidate diverged
        raise DataError(str(error)) from error
    if not hasattr(search, "best_estimator_"):
        raise KeyboardInterrupt
    model = TrainedModel.of(dataset, preprocessor, search.best_estimator_)
    holdout = None
    if len(held_out):
        predicted = model.predict(dataset.subset(held_out))
        holdout = success_rates(y[held_out], predicted, dataset.classes, dataset.class_names)
        model = TrainedModel.of(
            dataset, preprocessor, search.best_estimator_, holdout=holdout.to_dict()
        )
    return SweepResult(search, model, holdout, options, time.perf_counter() - start)


def _folds(options: SweepOptions) -> Any:
    from sklearn.model_selection import StratifiedKFold

    return StratifiedKFold(options.folds, shuffle=True, random_state=options.seed)


def _plan(X: Any, y: NDArray[Any], options: SweepOptions) -> dict[str, Any]:
    """Return all that the trials depend on, in JSON."""
    digest = hashlib.sha256()
    for part in (X.data, X.indices, X.indptr) if hasattr(X, "indptr") else (np.asarray(X),):
        digest.update(np.ascontiguousarray(part).tobytes())
    digest.update(repr(y.tolist()).encode())
    asked = {name: getattr(options, name) for name in SweepOptions.__dataclass_fields__}
    del asked["n_jobs"]
    return {
        "glassnet": glassnet.__version__,
        "rows": digest.hexdigest(),
        "options": json.loads(json.dumps(asked, default=_text)),
    }


def _text(value: Any) -> Any:
    """Return a parameter as a table or JSON holds it."""
    if isinstance(value, (tuple, list)):
        return "x".join(map(str, value))
    if hasattr(value, "rvs"):
        return f"{value.dist.name}{value.args}"
    return value


class _Both:
    """A journal, and somebody who follows."""

    def __init__(self, journal: Journal, listener: Any) -> None:
        self._journal, self._listener = journal, listener

    def recalls(self, trial: Trial, rung: int) -> Trial | None:
        """Ask the journal; tell the other what it knew."""
        known = self._journal.recalls(trial, rung)
        if known is not None and self._listener is not None:
            self._listener.hears([known], rung)
        return known

    def hears(self, trials: Sequence[Trial], rung: int) -> None:
        """Write down, then tell."""
        self._journal.hears(trials, rung)
        if self._listener is not None:
            self._listener.hears(trials, rung)

    def cuts(self, going_on: Sequence[int], rung: int) -> None:
        """Tell."""
        if self._listener is not None:
            self._listener.cuts(going_on, rung)

"""The doctor on a data set: fits, diagnoses, and tries the advice, one finding at a time."""

from __future__ import annotations

__all__ = ["Consultation", "Visit", "consult"]

import time
import warnings
from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from glassnet.data import Dataset, Preprocessor
from glassnet.data.row_digests import row_digests
from glassnet.errors import DataError
from glassnet.estimators import LogisticRegression, MLPClassifier
from glassnet.estimators.diagnosis import notes_of
from glassnet.estimators.holdout import split_rows
from glassnet.evaluation.doctor import Diagnosis, Finding, Outcome, Treatment, examine
from glassnet.training import Monitor

Estimator = MLPClassifier | LogisticRegression


@final
@dataclass(frozen=True, eq=False)
class Case:
    """What is to be fitted: rows, their preparation, and the parameters of the model."""

    dataset: Dataset
    scale: str
    kind: type[Estimator]
    parameters: dict[str, Any]
    holdout: float
    seed: int
    changes: tuple[str, ...] = ()

    def after(self, finding: Finding) -> tuple[Case, dict[str, Any]]:
        """Return the case after a finding's advice, and what is changed in it."""
        changed = {k: v for k, v in finding.suggested.items() if self._takes(k, v)}
        case = replace(self, parameters={**self.parameters, **changed})
        preparation = finding.preparation
        if preparation.get("scale", self.scale) != self.scale:
            changed["scale"] = preparation["scale"]
            case = replace(case, scale=preparation["scale"])
        if "drop" in preparation and "drop" not in self.changes:
            changed["drop"] = list(preparation["drop"])
            case = replace(case, dataset=_without(self.dataset, preparation["drop"]))
        if preparation.get("drop_duplicates") and "drop_duplicates" not in self.changes:
            changed["drop_duplicates"] = True
            case = replace(case, dataset=_distinct(self.dataset))
        return replace(case, changes=(*self.changes, *changed)), changed

    def _takes(self, name: str, value: Any) -> bool:
        defaults = self.kind().get_params(deep=False)
        return name in defaults and self.parameters.get(name, defaults[name]) != value


@final
@dataclass(frozen=True, eq=False)
class Visit:
    """One fit with its diagnosis.

    Attributes
    ----------
    case : Case
        What was fitted.
    estimator : MLPClassifier or LogisticRegression
        The fitted model.
    preprocessor : Preprocessor
        Fitted on the training rows.
    train, holdout : ndarray of int
        Positions of the rows in the case's data set.
    diagnosis : Diagnosis
        What was found.
    outcome : Outcome
        How the fit ended.
    """

    case: Case
    estimator: Estimator
    preprocessor: Preprocessor
    train: NDArray[np.intp]
    holdout: NDArray[np.intp]
    diagnosis: Diagnosis
    outcome: Outcome


@final
@dataclass(frozen=True, eq=False)
class Consultation:
    """All fits of a data set, in order, and what was changed between them.

    Attributes
    ----------
    visits : tuple of Visit
        The fits.
    treatments : tuple of Treatment
        What was changed after each of them but the last.
    """

    visits: tuple[Visit, ...]
    treatments: tuple[Treatment, ...]


def consult(
    dataset: Dataset,
    *,
    model: str = "net",
    parameters: dict[str, Any] | None = None,
    scale: str = "auto",
    holdout: float = 0.1,
    seed: int = 0,
    attempts: int = 1,
    monitor: Monitor,
) -> Consultation:
    """Fit a model, diagnose it, follow the advice and fit it again.

    One finding is acted on at a time, the first in order that is more than a note and changes
    something that was not tried before, so that what it does can be told.

    Parameters
    ----------
    dataset : Dataset
        Labelled rows.
    model : {"net", "logistic"}, default="net"
        What to fit.
    parameters : dict, default=None
        Its parameters.
    scale, holdout, seed
        As for `glassnet.study`; `holdout` may be 0.
    attempts : int, default=1
        Fits at most.
    monitor : Monitor
        Hears of every epoch of a net.

    Returns
    -------
    Consultation

    Raises
    ------
    DataError
        If the rows cannot be fitted at all.
    """
    kind = MLPClassifier if model == "net" else LogisticRegression
    case = Case(dataset, scale, kind, parameters or {}, holdout, seed)
    visits = [_visit(case, monitor)]
    treatments: list[Treatment] = []
    tried = [_key(case)]
    while len(visits) < attempts:
        following = _next(visits[-1], tried)
        if following is None:
            break
        finding, case, changed = following
        tried.append(_key(case))
        visits.append(_visit(case, monitor))
        before, after = visits[-2].outcome, visits[-1].outcome
        treatments.append(Treatment(finding, changed, before, after))
    return Consultation(tuple(visits), tuple(treatments))


def _next(visit: Visit, tried: list[str]) -> tuple[Finding, Case, dict[str, Any]] | None:
    """Return the finding to act on, the case after it, and what is changed."""
    for finding in visit.diagnosis.findings:
        if finding.severity != "note":
            case, changed = visit.case.after(finding)
            if changed and _key(case) not in tried:
                return finding, case, changed
    return None


def _key(case: Case) -> str:
    rows = (case.dataset.n_rows, case.dataset.n_columns)
    return repr((sorted(case.parameters.items()), case.scale, rows))


def _visit(case: Case, monitor: Monitor) -> Visit:
    dataset, y = case.dataset, np.asarray(case.dataset.y)
    train, held = split_rows(y, case.holdout, case.seed)
    rows = dataset.subset(train)
    preprocessor = Preprocessor.for_dataset(rows, case.scale).fit(rows.X)
    X = preprocessor.transform(dataset.X)
    estimator = case.kind(**case.parameters, random_state=case.seed)
    has_held = len(held) > 0
    start = time.perf_counter()
    _fit(estimator, X[train], y[train], X[held], y[held], monitor)
    seconds = time.perf_counter() - start
    parts = dataset.subset(held)
    notes = notes_of(
        estimator,
        X[train],
        y[train],
        X[held] if has_held else None,
        y[held] if has_held else None,
        table=rows.X,
        table_holdout=parts.X if has_held else None,
        feature_names=dataset.feature_names,
        class_names=_names(dataset, estimator),
        is_image=dataset.image is not None,
    )
    loss = None if notes.loss_curve is None else float(notes.loss_curve[-1])
    outcome = Outcome(
        train=notes.rates,
        holdout=notes.holdout_rates,
        loss=loss if loss is not None and np.isfinite(loss) else None,
        epochs=int(np.max(estimator.n_iter_)),
        seconds=seconds,
    )
    return Visit(case, estimator, preprocessor, train, held, examine(notes), outcome)


def _fit(
    estimator: Estimator,
    X: NDArray[Any],
    y: NDArray[Any],
    X_holdout: NDArray[Any],
    y_holdout: NDArray[Any],
    monitor: Monitor,
) -> None:
    """Fit; a net's held-out losses are recorded, but never stop it."""
    with warnings.catch_warnings():  # the diagnosis says it better
        warnings.simplefilter("ignore")
        try:
            if not isinstance(estimator, MLPClassifier):
                estimator.fit(X, y)
                return
            watched: dict[str, Any] = {}
            if len(y_holdout) and not estimator.early_stopping:
                watched = {"X_val": X_holdout, "y_val": y_holdout}
            record = estimator.record_train_score
            estimator.set_params(record_train_score=False)
            estimator.fit_monitored(X, y, monitor, **watched)
        except ValueError as error:
            if not getattr(estimator, "loss_curve_", None):
                raise DataError(str(error)) from error
    estimator.set_params(record_train_score=record)


def _names(dataset: Dataset, estimator: Estimator) -> list[str]:
    names = dict(zip(dataset.classes.tolist(), dataset.class_names, strict=True))
    return [names[label] for label in estimator.classes_.tolist()]


def _without(dataset: Dataset, columns: list[str]) -> Dataset:
    """Return a data set without some columns; what is left of pictures is no picture."""
    kept = [name for name in dataset.feature_names if name not in set(columns)]
    if not kept:
        raise DataError(f"{dataset.name} has no columns but those that give the label away.")
    return replace(dataset, X=dataset.select(kept), feature_names=tuple(kept), image=None)


def _distinct(dataset: Dataset) -> Dataset:
    """Return a data set without rows that repeat an earlier one."""
    seen: dict[bytes, int] = {}
    for row, digest in enumerate(row_digests(dataset.X)):
        seen.setdefault(digest, row)
    return dataset.subset(np.array(sorted(seen.values())))

"""The story's steps, in its order: look, split, fit, check, compare, see from inside."""

from __future__ import annotations

from typing import Any, Protocol, final

import numpy as np
from numpy.typing import NDArray

from glassnet.data import Dataset, Preprocessor, load_dataset
from glassnet.estimators import MLPClassifier
from glassnet.estimators.diagnosis import notes_of
from glassnet.estimators.holdout import split_rows
from glassnet.evaluation import (
    UnitSummary,
    calibration,
    compare,
    confusion,
    hidden_units,
    overfitting_gap,
    success_rates,
    worst_mistakes,
)
from glassnet.evaluation.doctor import Diagnosis, examine
from glassnet.studies.depth import look_inside, suspect_labels
from glassnet.studies.logistic import cross_check, fit_logistic
from glassnet.studies.more import look_further
from glassnet.studies.net import fit_net
from glassnet.studies.options import StudyOptions
from glassnet.studies.result import ModelReading, Split, StudyResult
from glassnet.training import Monitor

LOGISTIC = "the logistic regression"
NET = "the net"
_LOADING = ("target", "labels", "header", "image_shape", "pixel_order", "class_names", "drop")


class StudyMonitor(Monitor, Protocol):
    """Somebody who watches a study: a training monitor that also hears of its steps."""

    def step(self, name: str) -> None:
        """Hear that a step begins."""
        ...


def study(
    source: Any = "digits", *, monitor: StudyMonitor | None = None, **options: Any
) -> StudyResult:
    """Study a labelled data set: fit a one-vs-rest logistic regression and a net, and compare.

    The steps: look at the data; hold rows out, drawn evenly from every class; fit a one-vs-rest
    logistic regression, prove how close it is to its optimum, and solve it once more with
    another algorithm; fit a net, say why if it does not converge, and fit it again with a
    better rate; measure both on training rows and on the same held-out rows; compare them with
    a paired test; look at the net from inside.

    Parameters
    ----------
    source : str, path, arrays, frame or Dataset, default="digits"
        As for `load_dataset`; the default are scikit-learn's 1797 digits of 8x8 pixels.
    monitor : StudyMonitor or None, default=None
        Hears of every step and epoch.
    **options
        The options of `load_dataset` (target, labels, header, image_shape, pixel_order,
        class_names, drop) and those of `StudyOptions` (holdout, seed, hidden_layer_sizes, ...).

    Returns
    -------
    StudyResult
        All that was found; its `write` writes the report.

    Raises
    ------
    DataError
        If the data cannot be read or studied; the text says what to mend.

    Examples
    --------
    >>> from glassnet import study
    >>> result = study("iris", hidden_layer_sizes=(5,), learning_rate_init=0.5)
    >>> result.comparison.names
    ('the logistic regression', 'the net')
    """
    loading = {name: options.pop(name) for name in _LOADING if name in options}
    try:
        asked = StudyOptions(**options)
    except TypeError:
        unknown = ", ".join(sorted(set(options) - set(StudyOptions.__dataclass_fields__)))
        raise TypeError(
            f"study has no option {unknown}; see StudyOptions for those it has."
        ) from None
    return study_dataset(load_dataset(source, **loading), asked, monitor or _Silent())


def study_dataset(dataset: Dataset, options: StudyOptions, monitor: StudyMonitor) -> StudyResult:
    """Study a data set that is already read; see `study`."""
    monitor.step("Looking at the data")
    summary, y = dataset.describe(), np.asarray(dataset.y)
    split = Split(*split_rows(y, options.holdout, options.seed))
    preprocessor = Preprocessor.for_dataset(dataset, options.scale)
    preprocessor.fit(dataset.subset(split.train).X)
    X = preprocessor.transform(dataset.X)
    X_train, y_train = X[split.train], y[split.train]
    X_holdout, y_holdout = X[split.holdout], y[split.holdout]

    monitor.step("Logistic regression")
    logistic, logistic_seconds = fit_logistic(X_train, y_train, options.C)
    monitor.step("Logistic regression, a second solver")
    check = cross_check(logistic, X_train, y_train, X_holdout)
    logistic_reading = read_model(LOGISTIC, logistic, X, dataset, split)

    monitor.step("Neural net")
    net, attempts, kept = fit_net(X_train, y_train, X_holdout, y_holdout, options, monitor)
    monitor.step("Reading the models")
    net_reading = read_model(NET, net, X, dataset, split)
    depth = look_inside(net, X, dataset, split.train, split.holdout, options.seed)
    monitor.step("Looking for wrong labels")
    suspects = suspect_labels(net, logistic, X, dataset)
    more = None
    if options.more:
        monitor.step("Looking further")
        more = look_further(
            net, X, dataset, split.train, split.holdout, net_reading.predicted, options.seed
        )
    names = tuple(preprocessor.get_feature_names_out())
    return StudyResult(
        dataset=dataset,
        summary=summary,
        options=options,
        split=split,
        preprocessor=preprocessor,
        logistic=logistic,
        logistic_seconds=logistic_seconds,
        logistic_reading=logistic_reading,
        cross_check=check,
        net=net,
        attempts=attempts,
        kept=kept,
        net_reading=net_reading,
        comparison=compare(
            y_holdout,
            logistic_reading.predicted[split.holdout],
            net_reading.predicted[split.holdout],
            names=(LOGISTIC, NET),
        ),
        units=_units(net, names, dataset.class_names),
        depth=depth,
        suspects=suspects,
        diagnosis=_diagnose(net, X_train, X_holdout, dataset, split),
        more=more,
    )


def _diagnose(
    net: MLPClassifier,
    X_train: NDArray[Any],
    X_holdout: NDArray[Any],
    dataset: Dataset,
    split: Split,
) -> Diagnosis:
    """Ask all rules of the doctor's about the net that was kept and its rows."""
    train, holdout = dataset.subset(split.train), dataset.subset(split.holdout)
    notes = notes_of(
        net,
        X_train,
        np.asarray(train.y),
        X_holdout,
        np.asarray(holdout.y),
        table=train.X,
        table_holdout=holdout.X,
        feature_names=dataset.feature_names,
        class_names=dataset.class_names,
        is_image=dataset.image is not None,
    )
    return examine(notes)


def _units(
    net: MLPClassifier, feature_names: tuple[str, ...], class_names: tuple[str, ...]
) -> tuple[UnitSummary, ...]:
    """Look at the first hidden layer; at its votes too where the output follows at once."""
    if len(net.coefs_) == 1:
        return ()
    votes: dict[str, Any] = {}
    if len(net.coefs_) == 2:
        votes = {"coef_out": net.coefs_[1], "class_names": class_names}
    return hidden_units(net.coefs_[0], net.intercepts_[0], feature_names=feature_names, **votes)


def read_model(
    name: str, model: Any, X: NDArray[Any], dataset: Dataset, split: Split
) -> ModelReading:
    """Measure a fitted model on training rows and on held-out rows."""
    y, classes, names = np.asarray(dataset.y), dataset.classes, dataset.class_names
    probabilities = np.asarray(model.predict_proba(X))
    predicted = np.asarray(model.predict(X))
    train, holdout = split.train, split.holdout
    rates = [success_rates(y[rows], predicted[rows], classes, names) for rows in (train, holdout)]
    counts = [confusion(y[rows], predicted[rows], classes, names) for rows in (train, holdout)]
    return ModelReading(
        name=name,
        predicted=predicted,
        probabilities=probabilities,
        train=rates[0],
        holdout=rates[1],
        train_confusion=counts[0],
        holdout_confusion=counts[1],
        gap=overfitting_gap(rates[0], rates[1], name),
        mistakes=tuple(
            worst_mistakes(y[holdout], probabilities[holdout], classes, names, rows=holdout)
        ),
        calibration=calibration(y[holdout], probabilities[holdout], classes),
    )


@final
class _Silent:
    """A monitor that says nothing."""

    def step(self, name: str) -> None:
        """Hear of a step."""

    def epoch_ends(self, member: int, epoch: int, loss: float, score: float | None) -> None:
        """Hear of an epoch."""

    def says(self, member: int, message: str) -> None:
        """Hear a message."""

"""What a study found: frozen, whole, and able to write itself down."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data import Dataset, DatasetSummary, Preprocessor
from glassnet.estimators import LogisticRegression, MLPClassifier, TrainedModel
from glassnet.evaluation import (
    Calibration,
    Certificate,
    Comparison,
    Confusion,
    Convergence,
    Gap,
    Mistake,
    SuccessRates,
    UnitSummary,
)
from glassnet.evaluation.doctor import Diagnosis, Finding, Outcome, Treatment
from glassnet.studies.depth import NetDepth, SuspectLabels
from glassnet.studies.more import More
from glassnet.studies.options import StudyOptions


@dataclass(frozen=True, eq=False)
class Split:
    """The rows that are trained on and the rows that are held out of all fitting.

    Attributes
    ----------
    train, holdout : ndarray of int
        Positions of the rows, ascending.
    """

    train: NDArray[np.intp]
    holdout: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class ModelReading:
    """How well one model does and where it errs, on training and on held-out rows.

    Attributes
    ----------
    name : str
        What the model is called in sentences.
    predicted : ndarray of shape (n,)
        The label it assigns to every row of the data set.
    probabilities : ndarray of shape (n, k)
        Its probabilities of the classes.
    train, holdout : SuccessRates
        Success rates, never mixed.
    train_confusion, holdout_confusion : Confusion
        What was taken for what.
    gap : Gap
        How much better it does on training rows.
    mistakes : tuple of Mistake
        Its worst mistakes on held-out rows, the surest first.
    calibration : Calibration
        Whether its probabilities of held-out rows can be believed.
    """

    name: str
    predicted: NDArray[Any]
    probabilities: NDArray[Any]
    train: SuccessRates
    holdout: SuccessRates
    train_confusion: Confusion
    holdout_confusion: Confusion
    gap: Gap
    mistakes: tuple[Mistake, ...]
    calibration: Calibration


@dataclass(frozen=True)
class CrossCheck:
    """The logistic regression's problem solved once more, by another algorithm.

    Attributes
    ----------
    solver : str
        The other algorithm.
    seconds : float
        How long it took.
    converged : bool
        Whether it says that it converged.
    differing_train, differing_holdout : int
        Predictions on training and on held-out rows that differ.
    largest_coef_difference : float
        Largest absolute difference of a coef.
    sentence : str
        What that means.
    """

    solver: str
    seconds: float
    converged: bool
    differing_train: int
    differing_holdout: int
    largest_coef_difference: float
    sentence: str


@dataclass(frozen=True, eq=False)
class Attempt:
    """One fit of the net.

    Attributes
    ----------
    learning_rate_init, max_iter : float, int
        What this attempt was fitted with.
    seconds : float
        How long it took.
    loss_curve : tuple of float
        Training loss after each epoch.
    convergence : Convergence
        Whether it converged, why not, and what to change.
    train_accuracy, holdout_accuracy : float or None
        How well it does; None where it diverged.
    parameters : dict
        All parameters of the net.
    holdout_loss_curve : tuple of float
        Loss of the held-out rows after each epoch, by which nothing is chosen; empty with early
        stopping.
    findings : tuple of Finding
        What the doctor's rules that a study follows found.
    outcome : Outcome
        How the fit ended, to set before and after an advice.
    """

    learning_rate_init: float
    max_iter: int
    seconds: float
    loss_curve: tuple[float, ...]
    convergence: Convergence
    train_accuracy: float | None
    holdout_accuracy: float | None
    parameters: dict[str, Any]
    holdout_loss_curve: tuple[float, ...]
    findings: tuple[Finding, ...]
    outcome: Outcome

    @property
    def name(self) -> str:
        """What to call the attempt in a legend."""
        return f"rate {self.learning_rate_init:g}, {self.max_iter} epochs at most"

    @property
    def best_epoch(self) -> int | None:
        """The epoch, from 1, after which the held-out loss was lowest; None without any."""
        finite = [loss if np.isfinite(loss) else np.inf for loss in self.holdout_loss_curve]
        return int(np.argmin(finite)) + 1 if finite and min(finite) < np.inf else None


@dataclass(frozen=True, eq=False)
class StudyResult:
    """Everything that a study found.

    Attributes
    ----------
    dataset : Dataset
        The data, as read.
    summary : DatasetSummary
        What the data hold.
    options : StudyOptions
        What was asked.
    split : Split
        Training rows and held-out rows.
    preprocessor : Preprocessor
        What makes numbers of the table; fitted on training rows only.
    logistic : LogisticRegression
        The one-vs-rest logistic regression.
    logistic_seconds : float
        How long its fit took.
    logistic_reading : ModelReading
        How well it does.
    cross_check : CrossCheck
        The same problem by another algorithm.
    net : MLPClassifier
        The net: the attempt that was kept.
    attempts : tuple of Attempt
        All fits of the net, in order.
    kept : int
        Which attempt was kept.
    net_reading : ModelReading
        How well it does.
    comparison : Comparison
        Both models on the same held-out rows.
    units : tuple of UnitSummary
        The first hidden layer from inside; empty where there is none.
    depth : NetDepth or None
        Its units on rows of the data; None where there is none.
    suspects : SuspectLabels
        All rows by how little a model that was not trained on them believes their label.
    more : More or None
        What was found beyond the two models, where it was asked for.
    diagnosis : Diagnosis
        What the doctor says of the net that was kept and of its rows.

    Examples
    --------
    >>> from glassnet import study
    >>> result = study("iris", hidden_layer_sizes=(5,), learning_rate_init=0.5)
    >>> result.net_reading.holdout.rows
    15
    >>> sorted(result.metrics())
    ['comparison', 'data', 'glassnet', 'models', 'options', 'suspects']
    """

    dataset: Dataset
    summary: DatasetSummary
    options: StudyOptions
    split: Split
    preprocessor: Preprocessor
    logistic: LogisticRegression
    logistic_seconds: float
    logistic_reading: ModelReading
    cross_check: CrossCheck
    net: MLPClassifier
    attempts: tuple[Attempt, ...]
    kept: int
    net_reading: ModelReading
    comparison: Comparison
    units: tuple[UnitSummary, ...]
    depth: NetDepth | None
    suspects: SuspectLabels
    diagnosis: Diagnosis
    more: More | None = None

    @property
    def treatments(self) -> tuple[Treatment, ...]:
        """What was changed between the fits of the net, and what became of it."""
        from glassnet.studies.net import followed

        treated = []
        for before, after in pairwise(self.attempts):
            finding = followed(before)
            assert finding is not None  # else there were no next attempt
            changed = dict(finding.suggested)
            treated.append(Treatment(finding, changed, before.outcome, after.outcome))
        return tuple(treated)

    @property
    def readings(self) -> tuple[ModelReading, ModelReading]:
        """Both models' readings, in the order of the story."""
        return self.logistic_reading, self.net_reading

    @property
    def logistic_name(self) -> str:
        """What to call the first model: with two classes there is no rest."""
        two = len(self.dataset.classes) == 2
        return "logistic regression" if two else "one-vs-rest logistic regression"

    @property
    def guess_sentence(self) -> str:
        """What a model has to beat: the most frequent class as the answer for every row."""
        train, held = self.net_reading.train.classes, self.net_reading.holdout
        i = max(range(len(train)), key=lambda j: train[j].rows)
        rows = held.classes[i].rows
        return (
            f"To beat: answering {train[i].label}, most frequent in training, for every row gets "
            f"{rows} of {held.rows} held-out rows right ({100 * rows / held.rows:.1f} %)."
        )

    @property
    def certificate(self) -> Certificate:
        """How far the logistic regression is from its exact optimum, at most."""
        certificate = self.logistic.certificate_
        assert certificate is not None  # there is one for every L2 penalty
        return certificate

    def trained_model(self, which: str) -> TrainedModel:
        """Return the "logistic" regression or the "net" with all it needs to predict.

        With `more`, there is the "auto" one too.
        """
        if which == "auto":
            assert self.more is not None
            return self.more.auto
        reading = {"logistic": self.logistic_reading, "net": self.net_reading}[which]
        return TrainedModel.of(
            self.dataset,
            self.preprocessor,
            self.logistic if which == "logistic" else self.net,
            holdout=reading.holdout.to_dict(),
            train=reading.train.to_dict(),
        )

    def metrics(self) -> dict[str, Any]:
        """Return all numbers as plain JSON types: what `metrics.json` holds."""
        from glassnet.studies.metrics import metrics_of

        return metrics_of(self)

    def account(self) -> str:
        """Return a short readable account, the rates a class a line."""
        from glassnet.studies.account import account_of

        return account_of(self)

    def write(self, out: str | Path) -> Path:
        """Write the report, figures, numbers, predictions and model files into a folder.

        Parameters
        ----------
        out : str or Path
            The folder; made where it does not exist. Files of an earlier study in it are
            replaced once all of the new ones are written, and not before.

        Returns
        -------
        Path
            The report's path.

        Raises
        ------
        OutputError
            If the folder cannot be written.
        """
        from glassnet.studies.writing import write_study

        return write_study(self, Path(out))

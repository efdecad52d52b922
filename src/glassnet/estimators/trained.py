"""A trained model: all that is needed to predict from a file of rows."""

from __future__ import annotations

__all__ = ["Classifier", "TrainedModel", "library_versions"]

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, final

import numpy as np
import pandas as pd
import sklearn
from numpy.typing import NDArray

import glassnet
from glassnet.data import Dataset, ImageShape, Preprocessor
from glassnet.errors import DataError
from glassnet.estimators.auto_mlp import AutoMLPClassifier
from glassnet.estimators.logistic_regression import LogisticRegression
from glassnet.estimators.mlp_classifier import MLPClassifier

Classifier = MLPClassifier | LogisticRegression | AutoMLPClassifier


def library_versions() -> dict[str, str]:
    """Return the versions of what computes: glassnet, Python, scikit-learn, NumPy."""
    return {
        "glassnet": glassnet.__version__,
        "python": platform.python_version(),
        "scikit-learn": sklearn.__version__,
        "numpy": np.__version__,
    }


@final
@dataclass(frozen=True, eq=False)
class TrainedModel:
    """A fitted estimator with the preparation of its rows and the names around it.

    Attributes
    ----------
    estimator : MLPClassifier, LogisticRegression or AutoMLPClassifier
        Fitted on rows that `preprocessor` prepared.
    preprocessor : Preprocessor
        Fitted on the training rows.
    feature_names : tuple of str (d,)
        The columns of the raw table, in order.
    class_names : tuple of str (k,)
        What to call each class in print.
    image : ImageShape or None
        How a raw row unrolls to a picture, where rows are pictures.
    source : str
        Name of the data it was trained on.
    holdout : dict or None
        ``SuccessRates.to_dict()`` of rows that it was not trained on, where measured.
    train : dict or None
        The same of the training rows.
    target : str or None
        Name of the column that the labels were taken from, where they were a column.
    seed : int or None
        The random state of its training.
    versions : mapping of str to str
        Versions of the libraries it was trained with; by default those that run now.

    Raises
    ------
    DataError
        When the parts do not fit each other.

    Examples
    --------
    >>> from glassnet import LogisticRegression, TrainedModel, load_dataset
    >>> from glassnet.data import Preprocessor
    >>> iris = load_dataset("iris")
    >>> preprocessor = Preprocessor.for_dataset(iris).fit(iris.X)
    >>> logistic = LogisticRegression().fit(preprocessor.transform(iris.X), iris.y)
    >>> model = TrainedModel.of(iris, preprocessor, logistic)
    >>> model.predict(iris.subset([0, 60, 149]))
    array([0, 1, 2])
    """

    estimator: Classifier
    preprocessor: Preprocessor
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    image: ImageShape | None
    source: str
    holdout: dict[str, Any] | None = None
    train: dict[str, Any] | None = None
    target: str | None = None
    seed: int | None = None
    versions: Mapping[str, str] = field(default_factory=library_versions)

    def __post_init__(self) -> None:
        if len(self.class_names) != len(self.classes):
            raise DataError(
                f"{len(self.class_names)} class names were given for a model of "
                f"{len(self.classes)} classes; there must be one a class."
            )
        d = self.preprocessor.n_features_in_
        if len(self.feature_names) != d:
            raise DataError(
                f"{len(self.feature_names)} feature names were given for a model of {d} columns."
            )
        if self.image is not None:
            self.image.check_columns(d)

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        preprocessor: Preprocessor,
        estimator: Classifier,
        *,
        holdout: dict[str, Any] | None = None,
        train: dict[str, Any] | None = None,
    ) -> TrainedModel:
        """Put a model together that was trained on `dataset`, whose names and pictures it takes.

        Parameters
        ----------
        dataset : Dataset
            The training data, or the whole that its rows were taken from.
        preprocessor : Preprocessor
            Fitted on the training rows.
        estimator : MLPClassifier, LogisticRegression or AutoMLPClassifier
            Fitted on what the preprocessor made of them.
        holdout, train : dict, default=None
            ``SuccessRates.to_dict()`` of held-out and of training rows.

        Returns
        -------
        TrainedModel
        """
        names = dict(zip(dataset.classes.tolist(), dataset.class_names, strict=True))
        seed = estimator.random_state
        return cls(
            estimator=estimator,
            preprocessor=preprocessor,
            feature_names=dataset.feature_names,
            class_names=tuple(names.get(c, str(c)) for c in estimator.classes_.tolist()),
            image=dataset.image,
            source=dataset.name,
            holdout=holdout,
            train=train,
            target=dataset.target,
            seed=int(seed) if isinstance(seed, int | np.integer) else None,
        )

    @property
    def classes(self) -> NDArray[Any]:
        """The k labels, sorted; columns of `predict_proba` are in their order."""
        return np.asarray(self.estimator.classes_)

    def prepare(self, dataset: Dataset) -> NDArray[np.float64]:
        """Turn rows into the numbers that the estimator takes.

        Columns are found by their names, further columns are left out; where either side has no
        names of its own, the number of columns must agree. Pictures that the data set unrolls in
        another pixel order are unrolled anew in the model's.

        Parameters
        ----------
        dataset : Dataset
            Raw rows (n, d); labels are not needed.

        Returns
        -------
        ndarray of shape (n, d_out), float64

        Raises
        ------
        DataError
            When columns are missing, hold text for numbers, or pictures have another shape.
        """
        X = self._in_pixel_order(dataset).select(self.feature_names)
        if isinstance(X, pd.DataFrame):
            X = X.set_axis(list(self.feature_names), axis=1)
        return np.asarray(self.preprocessor.transform(X))

    def predict(self, dataset: Dataset) -> NDArray[Any]:
        """Return the label (n,) of each row; see `prepare` for what is checked."""
        return np.asarray(self.estimator.predict(self.prepare(dataset)))

    def predict_proba(self, dataset: Dataset) -> NDArray[np.float64]:
        """Return each row's probability (n, k) of each class; see `prepare` for what is checked.

        A net whose k > 2 outputs are independent sigmoids, as `convert_theta` reads, says of each
        class by itself how probable it is. As in one-vs-rest those are divided by their sum;
        where all are 0, each class gets 1 / k. The largest stays the largest, so `predict`
        agrees.
        """
        p = np.asarray(self.estimator.predict_proba(self.prepare(dataset)))
        if getattr(self.estimator, "out_activation_", None) != "logistic" or p.shape[1] == 2:
            return p
        sums = p.sum(axis=1, keepdims=True)
        equal = np.full_like(p, 1 / p.shape[1])
        return np.divide(p, sums, out=equal, where=sums > 0)

    def true_labels(self, dataset: Dataset) -> NDArray[Any]:
        """Return the data set's own labels (n,) as the model writes them, to compare with.

        A file may hold as text ("7") what another holds as numbers (7).

        Raises
        ------
        DataError
            When there are no labels, or one that the model does not know.
        """
        if dataset.y is None:
            raise DataError(
                f"{dataset.name} has no labels to compare with. Name the column that holds them "
                "with target, or the file with labels."
            )
        known = {str(label): position for position, label in enumerate(self.classes.tolist())}
        values, inverse = np.unique(dataset.y, return_inverse=True)
        for value in values.tolist():
            if str(value) not in known:
                shown = ", ".join([*known][:20]) + (", …" if len(known) > 20 else "")
                raise DataError(
                    f"{dataset.name} has the label {str(value)!r}, which the model does not know; "
                    f"it was trained on {shown}."
                )
        positions = np.array([known[str(value)] for value in values.tolist()], dtype=np.intp)
        return self.classes[positions[inverse]]

    def _in_pixel_order(self, dataset: Dataset) -> Dataset:
        """Return the data set with pictures unrolled as the model takes them."""
        ours, theirs = self.image, dataset.image
        if ours is None or theirs is None or ours == theirs:
            return dataset
        if str(ours) != str(theirs):
            raise DataError(
                f"{dataset.name} has images of {theirs}, but the model was trained on images of "
                f"{ours}. Resize them first."
            )
        rows = ours.to_rows(theirs.to_images(dataset.X))
        return replace(dataset, X=rows, image=ours, feature_names=self.feature_names)

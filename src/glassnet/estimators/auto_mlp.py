"""A classifier that takes a raw table and needs no tuning."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse as sp
from sklearn.base import BaseEstimator, ClassifierMixin, _fit_context
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import check_is_fitted

from glassnet.data.net_inputs import NetInputs
from glassnet.estimators.auto_noise import StockedRows, copies_of, stocked
from glassnet.estimators.auto_recipe import Recipe
from glassnet.estimators.auto_rehearsal import rehearse
from glassnet.estimators.auto_training import Clock, train_nets
from glassnet.estimators.calibration import calibrated, unsmoothed
from glassnet.estimators.mlp_classifier import MLPClassifier
from glassnet.estimators.raw_table import checked_labels, checked_table, first_preprocessor
from glassnet.estimators.targets import Labels
from glassnet.model import random_state_of
from glassnet.training import Monitor

# Inputs that are made at once in predicting: some megabytes.
_CHUNK_ELEMENTS = 2**21


@final
class AutoMLPClassifier(ClassifierMixin, BaseEstimator):
    """Neural-net classifier for raw tables: nothing to scale, encode, impute or tune.

    Four nets of two hidden layers are trained together on all rows, and their probabilities
    averaged. Numbers are centred, scaled and squashed; columns of one range, such as pixels, keep
    their common scale; the range of columns that are few is cut into pieces, so that the nets
    can follow steps and bends; text becomes one 0/1 column a value; what is missing is marked. The
    constants are the same for all tables. How they were found is told in "How the default was
    chosen" in the documentation.

    How long they train, how much dropout they get, whether ranges are cut, and whether they see
    noisy copies of the rows (columns of one range alone) is chosen in a rehearsal on a part of the
    rows: the nets are shared out among a few ways to train, so that log loss times error of the
    rows kept aside is least.

    With p_j the probabilities of member j of m, s the share of label smoothing that the nets
    were trained with, and t the temperature that suited best in the rehearsal, the probability of
    class c of k is proportional to::

        max(p_c - s / k, s / (10 k))^(1 / t),   p = (p_1 + ... + p_m) / m

    Parameters
    ----------
    time_budget : float, default=None
        Seconds that `fit` may take. Where all steps would take longer, as measured on a few of
        them, fewer are planned, so that the learning rate still ends at zero; what is left to do
        when the time is over is left out. None for no limit.
    random_state : int, RandomState or None, default=None
        Draws initial weights and the order of the rows.
    n_threads : int, default=None
        Threads to use; None for the cores that this process may use. The nets are the same for any
        number, but where `time_budget` ends them.
    verbose : bool, default=False
        Whether to print how the table is read and what is trained.
    recipe : mapping of str to object, default=None
        Constants other than the default ones, by the names of `Recipe`'s attributes: to
        experiment with, not to tune.

    Attributes
    ----------
    classes_ : ndarray of shape (k,)
        The labels, sorted.
    n_features_in_ : int
        Columns of the table, d.
    feature_names_in_ : ndarray of shape (d,)
        Their names, where they have some.
    nets_ : list of MLPClassifier
        The members, fitted to the inputs that `net_inputs` makes.
    coefs_, intercepts_, loss_curve_
        Those of the first member, as `MLPClassifier` has them.
    n_iter_ : int
        Epochs that the members were trained at most.
    preprocessor_ : Preprocessor or None
        Makes numbers of text and of gaps, where the training rows had some.
    temperature_ : float
        t.
    inputs_ : NetInputs
        Makes the nets' inputs of numbers.
    rehearsal_ : list of Rehearsed
        The ways to train that were tried on a part of the rows, and what came of each; none for
        few rows or little time.

    Raises
    ------
    DataError
        Where a column is neither numbers nor text, or a number is infinite.
    MemoryError
        Where the inputs (4 bytes each) and the nets take more than is free.

    Notes
    -----
    The rows are in memory once more than they were given, in float32 and with the pieces, or six
    times where nets train on noisy copies; there are fewer pieces and copies where they would take
    more than 1 GB. Ctrl-C ends the training, and the model stays as it is then; in the rehearsal
    before it, there is none yet.

    Examples
    --------
    >>> import pandas as pd
    >>> from glassnet import AutoMLPClassifier
    >>> table = pd.DataFrame({"height": [1.2, 1.9, None, 1.1] * 9, "hair": list("abba") * 9})
    >>> model = AutoMLPClassifier(random_state=0).fit(table, ["child", "adult"] * 18)
    >>> model.predict(table[:4]).tolist()
    ['child', 'adult', 'child', 'adult']
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "time_budget": [Interval(Real, 0, None, closed="neither"), None],
        "random_state": ["random_state"],
        "n_threads": [Interval(Integral, 1, None, closed="left"), None],
        "verbose": ["verbose"],
        "recipe": [Mapping, None],
    }

    def __init__(
        self,
        *,
        time_budget: float | None = None,
        random_state: int | np.random.RandomState | None = None,
        n_threads: int | None = None,
        verbose: bool = False,
        recipe: Mapping[str, Any] | None = None,
    ) -> None:
        self.time_budget = time_budget
        self.random_state = random_state
        self.n_threads = n_threads
        self.verbose = verbose
        self.recipe = recipe

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: ArrayLike) -> AutoMLPClassifier:
        """Fit to a table and its labels.

        Parameters
        ----------
        X : array-like, sparse matrix or data frame of shape (n, d)
            The rows: numbers, text, gaps (NaN, None).
        y : array-like of shape (n,)
            Their labels.

        Returns
        -------
        AutoMLPClassifier
            The model itself.

        Raises
        ------
        ValueError
            Where the rows or labels cannot be used.
        """
        return self._fit(X, y)

    def fit_monitored(self, X: Any, y: ArrayLike, monitor: Monitor) -> AutoMLPClassifier:
        """Fit as `fit` does, while a monitor hears of every epoch of every member."""
        self._validate_params()
        return self._fit(X, y, monitor)

    def _fit(self, X: Any, y: Any, monitor: Monitor | None = None) -> AutoMLPClassifier:
        clock = Clock(self.time_budget)
        recipe = self.checked_recipe()
        random_state = random_state_of(self.random_state)
        table = checked_table(self, X, reset=True)
        labels = checked_labels(y, table.shape[0])
        self._labels = Labels.of(labels)
        self.classes_ = self._labels.classes
        if len(self.classes_) < 2:
            raise ValueError(
                f"The labels are all of one class, {self.classes_.tolist()[0]!r}: a classifier "
                "needs two classes or more to tell apart."
            )
        self.preprocessor_ = first_preprocessor(table)
        numbers = self._numbers(table)
        targets = self._labels.targets(labels)
        chosen, self.rehearsal_ = rehearse(
            recipe,
            NetInputs.measure(numbers, recipe.inputs(), random_state),
            numbers,
            self._labels,
            targets,
            random_state=random_state,
            clock=clock,
            n_threads=self.n_threads,
        )
        self.inputs_, self.temperature_ = chosen.inputs, chosen.temperature
        stock = stocked(
            recipe,
            chosen.courses,
            self.inputs_,
            numbers,
            targets,
            copies=copies_of(recipe, self.inputs_, numbers.shape[0]),
            random_state=random_state,
        )
        del table, numbers
        self._tell_of(stock)
        self.nets_ = train_nets(
            recipe,
            chosen.courses,
            stock,
            self._labels,
            random_state=random_state,
            clock=clock,
            n_threads=self.n_threads,
            monitor=monitor,
        )
        return self

    @property
    def coefs_(self) -> list[NDArray[Any]]:
        """Weights of each layer (fan_in, fan_out) of the first member."""
        return self._first.coefs_

    @property
    def intercepts_(self) -> list[NDArray[Any]]:
        """Intercepts of each layer (fan_out,) of the first member."""
        return self._first.intercepts_

    @property
    def loss_curve_(self) -> list[float]:
        """Training loss of each epoch of the first member."""
        return self._first.loss_curve_

    @property
    def n_iter_(self) -> int:
        """Epochs that the members were trained at most."""
        return max(net.n_iter_ for net in (self._first, *self.nets_))

    @property
    def _first(self) -> MLPClassifier:
        if "nets_" not in vars(self):
            raise AttributeError("AutoMLPClassifier has this attribute after fit.")
        net: MLPClassifier = self.nets_[0]
        return net

    def net_inputs(self, X: Any) -> Any:
        """Return the nets' inputs of rows, (n, inputs) in float32; CSR where they are sparse."""
        check_is_fitted(self)
        return self.inputs_.apply(self._numbers(checked_table(self, X, reset=False)))

    def predict_proba(self, X: Any) -> NDArray[Any]:
        """Return each row's probability of each class.

        Parameters
        ----------
        X : array-like, sparse matrix or data frame of shape (n, d)
            The rows. Text that was not among the training rows counts as none of that which was.

        Returns
        -------
        ndarray of shape (n, k)
            Probabilities, classes in the order of `classes_`.
        """
        check_is_fitted(self)
        table = checked_table(self, X, reset=False)
        p = np.empty((table.shape[0], len(self.classes_)))
        step = max(1, _CHUNK_ELEMENTS // max(self.inputs_.n_out, 1))
        rows = table.iloc if hasattr(table, "iloc") else table
        for first in range(0, len(p), step):
            part = slice(first, first + step)
            inputs = self.inputs_.apply(self._numbers(rows[part]))
            p[part] = np.mean([net.predict_proba(inputs) for net in self.nets_], axis=0)
        return calibrated(unsmoothed(p, self.checked_recipe().label_smoothing), self.temperature_)

    def predict_log_proba(self, X: Any) -> NDArray[Any]:
        """Return the logarithm of `predict_proba`."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the most probable class (n,) of each row; see `predict_proba`."""
        p = self.predict_proba(X)
        chosen: NDArray[Any] = self.classes_[p.argmax(axis=1)]
        return chosen

    def checked_recipe(self) -> Recipe:
        """Return the recipe with the changes that the parameter of its name has.

        Raises
        ------
        ValueError
            Where it names what is no constant, or has values that are out of range.
        """
        try:
            recipe = Recipe(**(self.recipe or {}))
        except TypeError as error:
            raise ValueError(f"`recipe` names what is no constant: {error}.") from error
        recipe.check()
        return recipe

    def _numbers(self, table: Any) -> Any:
        """Return a checked table as numbers (n, d'), dense or CSR."""
        if self.preprocessor_ is not None:
            return self.preprocessor_.transform(table.toarray() if sp.issparse(table) else table)
        return table

    def _tell_of(self, stock: StockedRows) -> None:
        """Print how the table was read."""
        if not self.verbose:
            return
        for sentence in self.preprocessor_.describe() if self.preprocessor_ else []:
            print(sentence)
        for each in self.rehearsal_:
            print(each.sentence)
        if sp.issparse(stock.X):
            print(f"{stock.n} sparse rows of {stock.X.shape[1]} columns.")
            return
        megabytes = 4 * np.prod(stock.X.shape, dtype=float) / 1e6
        copies = f", each {stock.copies} times with noise" if stock.copies > 1 else ""
        print(
            f"{stock.n} rows of {self.n_features_in_} columns become {stock.X.shape[1]} "
            f"inputs{copies}, {megabytes:.0f} MB."
        )

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        return tags

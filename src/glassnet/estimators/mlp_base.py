"""What the nets have in common: from checked rows to a trained member of a population."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from functools import cache
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.callback import CallbackSupportMixin
from sklearn.model_selection import train_test_split
from sklearn.utils import check_scalar
from sklearn.utils.validation import _check_sample_weight

from glassnet.estimators.checks import checked_rows, has_valid_parameters
from glassnet.estimators.memory import check_memory
from glassnet.estimators.mlp_ending import Settings, say_how_it_ended
from glassnet.estimators.mlp_parameters import (
    PARAMETER_CONSTRAINTS,
    STOCHASTIC_SOLVERS,
    arithmetic,
    hidden_layers,
    solver_of,
)
from glassnet.estimators.mlp_validation import EstimatorScorer, GivenRows, best_of, some_rows
from glassnet.estimators.mlp_watching import NetCallbacks, Printer
from glassnet.estimators.restarts import (
    best_restart,
    describe_restarts,
    further_members,
    restart_seeds,
)
from glassnet.model import (
    Member,
    Network,
    Population,
    Progress,
    Validation,
    initial_parameters,
    random_state_of,
)
from glassnet.training import PLANNED, SCHEDULES, Fit, Monitor, choose_engine
from glassnet.training.ledger import ExampleLedger, joined


class BaseMLP(CallbackSupportMixin, BaseEstimator, ABC):
    """A multi-layer perceptron with scikit-learn's face."""

    _parameter_constraints = PARAMETER_CONSTRAINTS

    # Set by the subclasses' constructors.
    alpha: float
    batch_size: int | str
    clip_norm: float | None
    dropout: float
    early_stopping: bool
    hidden_layer_sizes: Any
    learning_rate: str
    learning_rate_init: float
    activation: str
    max_iter: int
    n_iter_no_change: float
    keep_restarts: bool
    n_restarts: int
    n_threads: int | None
    precision: str
    random_state: Any
    record_examples: bool
    record_train_score: bool | str
    scoring: Any
    shuffle: bool
    solver: str
    tol: float
    validation_fraction: float
    verbose: bool
    warm_start: bool
    # Set by training.
    examples_: ExampleLedger | None

    @classmethod
    @cache
    def _get_param_names(cls) -> list[str]:
        # scikit-learn reads the constructor's signature at every call, which takes longer than
        # training a small net.
        return super()._get_param_names()

    def _validate_params(self) -> None:
        # scikit-learn's sentence where something is wrong; it makes its checks anew at every call.
        if not has_valid_parameters(self):
            super()._validate_params()

    def _set(self, given: dict[str, Any]) -> None:
        """Store the constructor's arguments, each under its name.

        They are the constructor's own, and not those of a subclass that calls it: a subclass may
        have others.
        """
        for name, value in given.items():
            if name != "self":
                setattr(self, name, value)

    @abstractmethod
    def _validate_input(
        self, X: Any, y: Any, *, incremental: bool, reset: bool
    ) -> tuple[Any, NDArray[Any], str]:
        """Check the rows; return X (n, d), the targets Y (n, k) and the output's name."""

    @abstractmethod
    def _validate_given(self, X: Any, y: Any) -> tuple[Any, NDArray[Any]]:
        """Check rows to judge the net by; return X (v, d) and the targets Y (v, k)."""

    @abstractmethod
    def _labels_of(self, y: NDArray[Any]) -> NDArray[Any]:
        """Return what the targets Y (n, k) stand for, as a scorer reads it."""

    @abstractmethod
    def _weigh(
        self, y: NDArray[Any], weights: NDArray[Any] | None, *, incremental: bool
    ) -> NDArray[Any] | None:
        """Return the weights (n,) of rows with targets Y (n, k), given the user's."""

    @abstractmethod
    def _stratify(self, y: NDArray[Any]) -> NDArray[Any] | None:
        """Return what the validation split balances, or None."""

    def _check_solver(self) -> bool:
        """Allow partial_fit for the stochastic solvers alone."""
        if self.solver not in STOCHASTIC_SOLVERS:
            raise AttributeError(
                f"partial_fit needs a stochastic solver, {' or '.join(STOCHASTIC_SOLVERS)}; "
                f"solver={self.solver!r} looks at all rows at once."
            )
        return True

    def _fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        *,
        given: GivenRows | None = None,
        incremental: bool = False,
        monitor: Monitor | None = None,
    ) -> BaseMLP:
        """Train on rows as given by the user; see `fit` and `partial_fit` of the subclasses."""
        if incremental and self.early_stopping:
            raise ValueError("partial_fit does not support early_stopping=True: it sees one epoch.")
        if incremental and SCHEDULES[self.learning_rate] in PLANNED:
            raise ValueError(
                f"learning_rate={self.learning_rate!r} plans the rate of every step of a fit, and "
                "partial_fit cannot know how many will come. Use 'constant', 'invscaling' or "
                "'adaptive'."
            )
        layers = hidden_layers(self.hidden_layer_sizes)
        first = not hasattr(self, "coefs_") or not (self.warm_start or incremental)
        data = {"X": X, "y": y, "sample_weight": sample_weight}
        X, y, output = self._validate_input(X, y, incremental=incremental, reset=first)
        weights = None if sample_weight is None else _check_sample_weight(sample_weight, X)
        weights = self._weigh(y, weights, incremental=incremental)
        validation = None if given is None else self._validation(given, y)
        network = Network((X.shape[1], *layers, y.shape[1]), self.activation, output)
        # A stream's precision must not change with the size of its pieces.
        n_rows = np.inf if incremental else len(y)
        computed = arithmetic(self.precision, self.solver, n_rows)
        n_epochs = (1 if incremental else self.max_iter) * self.n_restarts * self.record_examples
        check_memory(
            network,
            computed,
            self.n_restarts,
            n_epochs=n_epochs,
            n_rows=len(y),
            lbfgs=self.solver == "lbfgs",
        )
        random_state = random_state_of(self.random_state)
        seeds = restart_seeds(random_state, self.n_restarts - 1) if first else []
        if first:
            self._start(network, random_state, X.dtype)
        member = self._member(network, X, y, weights, validation, random_state, incremental)
        members = (member, *further_members(network, member, seeds, X.dtype))
        population = Population(network, members, validation)
        monitor = monitor or (Printer() if self.verbose else None)
        callbacks = None
        if hasattr(self, "_skl_callbacks") and not incremental:
            callbacks = NetCallbacks(self, network, X.dtype, data, len(members), monitor)
        result = choose_engine(self.n_threads).train(
            population, X, y, dtype=computed, monitor=callbacks or monitor
        )
        by_score = self.solver in STOCHASTIC_SOLVERS and population.is_stopped_by_score(member)
        best = best_restart(result.fits, by_score=by_score)
        if first:
            own = self.random_state
            seed = int(own) if isinstance(own, Integral) else None
            self.restarts_ = describe_restarts(
                network, [seed, *seeds], result.fits, keep=self.keep_restarts
            )
        theta = self._adopt(network, result.fits[best], X.dtype, by_score=by_score)
        stopped = callbacks is not None and callbacks.stopped
        settings = Settings(self.solver, self.max_iter, self.learning_rate_init)
        say_how_it_ended(
            result.fits[best], theta, settings, incremental=incremental, stopped=stopped
        )
        if callbacks:
            callbacks.fit_ends()
        return self

    def _go_on(self, X: Any, y: Any, sample_weight: Any, n_epochs: int) -> None:
        """Train n epochs more on rows as given by the user; the ledger is of all of them."""
        check_scalar(n_epochs, "n_epochs", Integral, min_val=1)
        ledgers = []
        for _ in range(n_epochs):
            self._fit(X, y, sample_weight, incremental=True)
            ledgers.append(self.examples_)
        self.examples_ = joined([ledger for ledger in ledgers if ledger]) if ledgers[0] else None

    def _validation(self, given: GivenRows, y: NDArray[Any]) -> Validation:
        """Check rows to judge the net by, whose targets must be such as Y (n, k)."""
        X, targets = self._validate_given(given.X, given.y)
        if targets.shape[1] != y.shape[1]:
            raise ValueError(
                f"`y_val` has {targets.shape[1]} columns, `y` has {y.shape[1]}: the rows to "
                "validate on need targets of the same kind."
            )
        weights = given.weights
        if weights is not None:
            weights = _check_sample_weight(weights, X, dtype=np.float64)
        return Validation(X, targets, weights)

    def _member(
        self,
        network: Network,
        X: Any,
        y: NDArray[Any],
        weights: NDArray[Any] | None,
        validation: Validation | None,
        random_state: np.random.RandomState,
        incremental: bool,
        among: NDArray[np.intp] | None = None,
    ) -> Member:
        """Return the member that the first start trains, on all rows or `among` some."""
        rows, validation_rows = among, None
        if validation is None:
            rows, validation_rows = self._split(y, among, random_state)
        scores_training = self.record_train_score is True or (
            self.record_train_score == "auto" and validation is not None
        )
        scorer = None
        if self.scoring is not None:
            scorer = EstimatorScorer.of(
                self,
                network,
                validation or some_rows(X, y, weights, validation_rows),
                some_rows(X, y, weights, np.arange(len(y)) if rows is None else rows)
                if scores_training
                else None,
            )
        return Member(
            solver=solver_of(self),
            random_state=random_state,
            alpha=self.alpha,
            max_iter=1 if incremental else self.max_iter,
            tol=self.tol,
            n_iter_no_change=self.n_iter_no_change,
            batch_size=self._batch_rows(len(y) if rows is None else len(rows)),
            shuffle=self.shuffle,
            label_smoothing=getattr(self, "label_smoothing", 0.0),
            dropout=self.dropout,
            clip_norm=self.clip_norm,
            rows=rows,
            validation_rows=validation_rows,
            validation_stops=self.early_stopping,
            scores_training=scores_training,
            record_examples=self.record_examples,
            scorer=scorer,
            row_weights=weights,
            start=network.pack(self.coefs_, self.intercepts_, np.dtype(np.float64)),
            optimizer_state=getattr(self, "_optimizer_state", None) if incremental else None,
            progress=getattr(self, "_progress", Progress()),
        )

    def _start(
        self, network: Network, random_state: np.random.RandomState, dtype: np.dtype[Any]
    ) -> None:
        """Set what a first fit begins with."""
        theta = initial_parameters(network, random_state, dtype)
        self.coefs_, self.intercepts_ = network.coefs(theta), network.intercepts(theta)
        self.n_layers_ = len(network.layer_sizes)
        self.n_outputs_ = network.layer_sizes[-1]
        self.out_activation_ = network.output
        self.loss_curve_: list[float] = []
        self.validation_scores_: list[float] | None = [] if self.early_stopping else None
        self.validation_loss_curve_: list[float] | None = None
        self.train_score_curve_: list[float] | None = None
        self._progress = Progress()
        self._optimizer_state: object | None = None

    def _split(
        self,
        y: NDArray[Any],
        among: NDArray[np.intp] | None,
        random_state: np.random.RandomState,
    ) -> tuple[NDArray[np.intp] | None, NDArray[np.intp] | None]:
        """Keep validation rows aside where they stop the training early."""
        if not self.early_stopping or self.solver not in STOCHASTIC_SOLVERS:
            return among, None
        there = np.arange(len(y)) if among is None else among
        rows, validation_rows = train_test_split(
            there,
            random_state=random_state,
            test_size=self.validation_fraction,
            stratify=self._stratify(y[there]),
        )
        if len(validation_rows) < 2:
            raise ValueError(
                f"The validation set is too small: {len(validation_rows)} of {len(there)} rows. "
                f"Increase validation_fraction ({self.validation_fraction}) or the number of rows."
            )
        return rows, validation_rows

    def _batch_rows(self, n_rows: int) -> int:
        """Return the rows of a batch."""
        if self.batch_size == "auto":
            return min(200, n_rows)
        size = int(self.batch_size)
        if size > n_rows and self.solver in STOCHASTIC_SOLVERS:
            warnings.warn(
                f"batch_size={size} is larger than the {n_rows} training rows "
                "and is clipped to them.",
                stacklevel=5,
            )
        return min(size, n_rows)

    def _adopt(
        self, network: Network, fit: Fit, dtype: np.dtype[Any], *, by_score: bool
    ) -> NDArray[Any]:
        """Take over what training gave back; return the parameters."""
        with np.errstate(over="ignore"):
            theta = fit.parameters.astype(dtype)
        self.coefs_, self.intercepts_ = network.coefs(theta), network.intercepts(theta)
        self.n_iter_, self.loss_ = fit.n_iter, fit.loss
        self.loss_curve_ = self.loss_curve_ + fit.loss_curve
        self.examples_ = fit.examples
        self._optimizer_state = fit.optimizer_state
        self._progress = fit.progress
        self.t_ = fit.progress.rows_seen
        if fit.validation_scores:
            self.validation_scores_ = (self.validation_scores_ or []) + fit.validation_scores
            losses = getattr(self, "validation_loss_curve_", None) or []
            self.validation_loss_curve_ = losses + fit.validation_losses
        if fit.training_scores:
            scores = getattr(self, "train_score_curve_", None) or []
            self.train_score_curve_ = scores + fit.training_scores
        self.best_validation_score_: float | None = None
        self.best_loss_: float | None = None
        if not by_score:
            self.best_loss_ = min(self.loss_curve_, default=fit.loss)
        if fit.validation_scores:
            best = fit.progress.best_score if by_score else best_of(self.validation_scores_ or [])
            self.best_validation_score_ = best
        return theta

    def _forward(self, X: Any, *, raw: bool = False) -> NDArray[Any]:
        """Check rows and propagate them to the outputs (n, k), or to the scores below them."""
        X = checked_rows(self, X)
        layer_sizes = (self.coefs_[0].shape[0], *(len(b) for b in self.intercepts_))
        network = Network(layer_sizes, self.activation, self.out_activation_)
        engine = choose_engine(self.n_threads)
        computed = arithmetic(self.precision, self.solver, X.shape[0])
        net = (network, self.coefs_, self.intercepts_, X)
        outputs = engine.predict(*net, dtype=computed, raw=raw)
        if X.dtype == np.float64 and computed == np.float32 and not np.isfinite(outputs).all():
            # Numbers that float64 can hold, or sums of them, are too large for float32.
            outputs = engine.predict(*net, dtype=X.dtype, raw=raw)
        return outputs

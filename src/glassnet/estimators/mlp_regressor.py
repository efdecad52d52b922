"""A neural-net regressor with scikit-learn's face."""

from __future__ import annotations

from typing import Any, Literal, final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import RegressorMixin, _fit_context
from sklearn.utils import column_or_1d
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from glassnet.estimators.checks import checked
from glassnet.estimators.mlp_base import BaseMLP
from glassnet.estimators.mlp_parameters import PARAMETER_CONSTRAINTS
from glassnet.estimators.mlp_validation import GivenRows

# Which output layer brings which loss.
OUTPUT_OF_LOSS = {"squared_error": "identity", "poisson": "exp"}
CONSTRAINTS = {**PARAMETER_CONSTRAINTS, "loss": [StrOptions(set(OUTPUT_OF_LOSS))]}


@final
class MLPRegressor(RegressorMixin, BaseMLP):
    """Multi-layer perceptron regressor.

    It has every parameter, default, attribute and method of scikit-learn 1.9's
    `sklearn.neural_network.MLPRegressor`, and with the same `random_state` and
    ``precision="float64"`` it takes the same steps. By default the stochastic solvers compute in
    float32 on all but small data.

    The net is fitted by minimising, over n rows of weights s with S = sum_i s_i::

        J = sum_i s_i loss(a_i, y_i) / S + alpha / (2 S) sum_l |coefs_[l]|²

    where a row's loss, over its outputs c, is::

        sum_c (a_c - y_c)² / 2                      a = z         ('squared_error')
        sum_c (y_c log(y_c / a_c) - y_c + a_c)      a = exp(z)    ('poisson')

    Parameters
    ----------
    loss : {'squared_error', 'poisson'}, default='squared_error'
        Half the squared error of a linear output, or half the Poisson deviance of an exponential
        output, for counts and rates: y must be 0 or more.
    hidden_layer_sizes : int or sequence of int, default=(100,)
        Units of each hidden layer.
    activation : {'identity', 'logistic', 'tanh', 'relu', 'leaky_relu', 'elu', 'gelu', 'silu', \
            'softplus'}, default='relu'
        Activation f of the hidden units. With s = 1 / (1 + exp(-z))::

            identity  z             leaky_relu  z where z > 0, else 0.01 z
            logistic  s             elu         z where z > 0, else exp(z) - 1
            tanh      tanh(z)       gelu        z (1 + tanh(0.798 (z + 0.0447 z³))) / 2
            relu      max(0, z)     silu        z s
                                    softplus    log(1 + exp(z))

        'gelu' and 'silu' take as much memory again for a batch's hidden units, to keep f'(z).
    solver : {'sgd', 'adam', 'adamw', 'lbfgs'}, default='adam'
        'sgd' is gradient descent by batches with momentum, 'adam' has a step size for each
        parameter, 'adamw' is adam with a `weight_decay` of 0.01, 'lbfgs' looks at all rows at once
        (good for a few thousand rows).
    alpha : float, default=0.0001
        Strength of the L2 penalty on the coefs.
    batch_size : int or 'auto', default='auto'
        Rows a step; 'auto' is ``min(200, n)``. Not used by 'lbfgs'.
    learning_rate : {'constant', 'invscaling', 'adaptive', 'cosine', 'one_cycle'}, \
            default='constant'
        Schedule of the learning rate. Of 'sgd' alone: divided by ``(t + 1)^power_t`` after t rows
        ('invscaling'); divided by 5 each time that progress stops ('adaptive'). Of 'sgd', 'adam'
        and 'adamw', by a plan of all steps in `max_iter` epochs: after a warm-up down to 0 along
        half a cosine ('cosine'); up from 1/25 of the highest rate and down again ('one_cycle').
        A plan needs its time: raise `n_iter_no_change`, if training stops before its end.
    learning_rate_init : float, default=0.001
        Learning rate at the start, for all solvers but 'lbfgs'; the highest one of 'cosine' and
        'one_cycle'.
    power_t : float, default=0.5
        Exponent of the 'invscaling' schedule.
    max_iter : int, default=200
        Most epochs ('sgd', 'adam') or iterations ('lbfgs').
    shuffle : bool, default=True
        Whether each epoch orders the rows anew.
    random_state : int, RandomState or None, default=None
        Draws the initial weights, the validation split and the order of the rows.
    tol : float, default=0.0001
        An epoch counts as progress if it is better by this; for 'lbfgs', the largest gradient
        element at which it stops.
    verbose : bool, default=False
        Whether to print the loss of each epoch.
    warm_start : bool, default=False
        Whether `fit` goes on from the net that is there.
    momentum : float, default=0.9
        Momentum of 'sgd', in [0, 1].
    nesterovs_momentum : bool, default=True
        Whether it is Nesterov's.
    early_stopping : bool, default=False
        Whether to keep `validation_fraction` of the rows aside, stop when their score stops
        rising, and restore the best net.
    validation_fraction : float, default=0.1
        Share of rows kept aside, in [0, 1).
    beta_1, beta_2 : float, default=0.9, 0.999
        Decay of adam's moments, in [0, 1).
    epsilon : float, default=1e-8
        Keeps adam's division finite.
    n_iter_no_change : int, default=10
        Epochs without progress after which training stops.
    max_fun : int, default=15000
        Most loss evaluations of 'lbfgs'.
    weight_decay : float or None, default=None
        Decoupled weight decay: each step of learning rate r, but of 'lbfgs', also makes the coefs
        smaller by the factor ``1 - r * weight_decay``. Unlike `alpha` it does not depend on the
        size of the batches. None is 0.01 for 'adamw', else 0.
    warmup : float, int or None, default=None
        Steps in which 'cosine' and 'one_cycle' raise the rate: a share of all steps, below 1, or
        their number. None is 0 for 'cosine' and 0.3 for 'one_cycle'.
    clip_norm : float or None, default=None
        Most that the norm of the gradient, over all parameters, may be in a step; a longer gradient
        is shortened to it. Not used by 'lbfgs'.
    dropout : float, default=0.0
        Probability p, in [0, 1), with which a step leaves out a hidden unit of a row; those that
        stay count 1 / (1 - p) times. Not in predicting, nor with 'lbfgs'. The units are the same in
        every engine, for any number of threads.
    precision : {'auto', 'float32', 'float64'}, default='auto'
        Arithmetic of the stochastic solvers, and of predicting with their nets; 'auto' is
        float32, but float64 for at most 100 rows, where it gives scikit-learn's numbers to their
        last digits at no cost. 'lbfgs' computes in float64 always. The coefs come back in the
        dtype of X.
    scoring : str, callable or None, default=None
        Score of the validation rows, which early stopping watches and by which restarts are
        compared: a name of scikit-learn's scorers, or ``scorer(net, X, y)``, where more is
        better. None is R².
    record_train_score : bool or 'auto', default='auto'
        Whether the rows that the net trains on are scored after each epoch too, which takes a
        forward pass; 'auto' does so where `fit` is given rows to validate on.
    record_examples : bool, default=False
        Whether `examples_` keeps each row's loss at each epoch, at a few percent of the time.
    n_restarts : int, default=1
        Random starts to train together; the best is kept, by validation score with early
        stopping, else by training loss. The first is the one that a single fit would train.
    keep_restarts : bool, default=False
        Whether `restarts_` holds every start's net.
    n_threads : int or None, default=None
        Threads that the native engine may use; None for the cores that this process may use.
        The net is the same, bit for bit, for any number.

    Attributes
    ----------
    coefs_ : list of ndarray of shape (fan_in, fan_out)
        Weights of each layer.
    intercepts_ : list of ndarray of shape (fan_out,)
        Intercepts of each layer.
    loss_ : float
        Training loss of the last epoch.
    best_loss_ : float or None
        Lowest training loss; None with early stopping.
    loss_curve_ : list of float
        Training loss after each epoch or iteration (also for 'lbfgs').
    validation_scores_ : list of float or None
        R², or `scoring`, of the validation rows after each epoch or iteration; None without early
        stopping and without `X_val`.
    validation_loss_curve_ : list of float or None
        Mean loss of the validation rows after each epoch, as in `loss_curve_` but without the
        penalty.
    train_score_curve_ : list of float or None
        The same score as in `validation_scores_` on the rows that the net trains on; None unless
        `record_train_score` asks for it.
    examples_ : ExampleLedger or None
        Each row's loss at each epoch of the last call to `fit` or `partial_fit`, of the net which
        is kept; None unless `record_examples`. It is not stored in model files.
    best_validation_score_ : float or None
        The best of them.
    t_ : int
        Training rows seen.
    n_iter_ : int
        Epochs or iterations of the last fit.
    restarts_ : list of Restart
        Of each random start of the last first fit: seed, loss, score, epochs, why it stopped.
    n_layers_, n_outputs_, n_features_in_ : int
        Layers, outputs and features.
    feature_names_in_ : ndarray of str
        Column names, where X was a frame with string names.
    out_activation_ : str
        'identity' or 'exp'.

    Notes
    -----
    The scale of y is that of the errors: where it is far from 1, scale y, or let
    `sklearn.compose.TransformedTargetRegressor` do it. `score` is R².

    Differences from scikit-learn: float32 arithmetic by default but for few rows;
    `loss_curve_` exists for 'lbfgs' too; training that diverges stops at once with a ValueError;
    'poisson' refuses a negative y. With several outputs scikit-learn's squared error is their mean
    while its gradient is that of their sum: 'sgd' and 'adam' here tell the same mean and take the
    same steps; 'lbfgs', whose line search needs the two to agree, minimises the sum.

    References
    ----------
    D. E. Rumelhart, G. E. Hinton, R. J. Williams, "Learning representations by
    back-propagating errors", Nature 323, 1986.

    The classes in `glassnet.model.activations`, `glassnet.training.optimizers` and
    `glassnet.training.schedules` name the sources of each; `glassnet.training.dropout` that of
    dropout. Weight decay: I. Loshchilov and F. Hutter, "Decoupled weight decay regularization",
    ICLR 2019. Clipping: R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent
    neural networks", ICML 2013.

    Examples
    --------
    >>> from sklearn.datasets import load_diabetes
    >>> from sklearn.preprocessing import scale
    >>> from glassnet import MLPRegressor
    >>> X, y = load_diabetes(return_X_y=True)
    >>> net = MLPRegressor(hidden_layer_sizes=(5,), solver="lbfgs", alpha=1.0, random_state=0)
    >>> net.set_params(max_iter=1000).fit(scale(X), scale(y)).score(scale(X), scale(y)) > 0.5
    True
    """

    _parameter_constraints = CONSTRAINTS

    def __init__(
        self,
        loss: str = "squared_error",
        hidden_layer_sizes: Any = (100,),
        activation: str = "relu",
        *,
        solver: str = "adam",
        alpha: float = 0.0001,
        batch_size: int | Literal["auto"] = "auto",
        learning_rate: str = "constant",
        learning_rate_init: float = 0.001,
        power_t: float = 0.5,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: int | np.random.RandomState | None = None,
        tol: float = 1e-4,
        verbose: bool = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: float = 10,
        max_fun: int = 15000,
        weight_decay: float | None = None,
        warmup: float | None = None,
        clip_norm: float | None = None,
        dropout: float = 0.0,
        precision: str = "auto",
        scoring: Any = None,
        record_train_score: bool | str = "auto",
        record_examples: bool = False,
        n_restarts: int = 1,
        keep_restarts: bool = False,
        n_threads: int | None = None,
    ) -> None:
        self._set(locals())

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        X_val: ArrayLike | None = None,
        y_val: ArrayLike | None = None,
        sample_weight_val: ArrayLike | None = None,
    ) -> MLPRegressor:
        """Fit the net to rows and their targets.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n, d)
            The rows.
        y : array-like of shape (n,) or (n, k)
            What to predict of them.
        sample_weight : array-like of shape (n,), default=None
            Weight of each row; None for 1 each.
        X_val : array-like or sparse matrix of shape (v, d), default=None
            Rows to validate on. With `early_stopping` their score stops the training, in the
            place of rows kept aside, and all rows of X are trained on; without it, and with
            'lbfgs', what they say is recorded alone. In a pipeline,
            ``Pipeline(steps, transform_input=["X_val"])`` transforms them as it does X.
        y_val : array-like of shape (v,) or (v, k), default=None
            What to predict of them.
        sample_weight_val : array-like of shape (v,), default=None
            Their weights; None for 1 each.

        Returns
        -------
        MLPRegressor
            The net itself.

        Raises
        ------
        ValueError
            Where the rows cannot be used, or training diverged.
        """
        self._fit(X, y, sample_weight, given=GivenRows.of(X_val, y_val, sample_weight_val))
        return self

    @available_if(lambda net: net._check_solver())
    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        n_epochs: int = 1,
    ) -> MLPRegressor:
        """Go on training with one epoch or more over the given rows.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n, d)
            The rows.
        y : array-like of shape (n,) or (n, k)
            What to predict of them.
        sample_weight : array-like of shape (n,), default=None
            Weight of each row.
        n_epochs : int, default=1
            Epochs over these rows; the net is the same, bit for bit, as after so many calls.

        Returns
        -------
        MLPRegressor
            The net itself.
        """
        self._go_on(X, y, sample_weight, n_epochs)
        return self

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Predict the targets of rows.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n, d)
            The rows.

        Returns
        -------
        ndarray of shape (n,) or (n, k)
            What the net says of them.
        """
        check_is_fitted(self)
        a = self._forward(X)
        return a.ravel() if a.shape[1] == 1 else a

    def _validate_input(
        self, X: Any, y: Any, *, incremental: bool, reset: bool
    ) -> tuple[Any, NDArray[Any], str]:
        X, y = self._check_numbers(X, y, reset=reset)
        if not reset and y.shape[1] != self.n_outputs_:
            raise ValueError(
                f"y has {y.shape[1]} outputs, but the net was fitted to {self.n_outputs_}. "
                "Train a new net, or give y as before."
            )
        return X, y, OUTPUT_OF_LOSS[self.loss]

    def _check_numbers(self, X: Any, y: Any, *, reset: bool) -> tuple[Any, NDArray[Any]]:
        """Check rows and what to predict of them; return X (n, d) and Y (n, k)."""
        X, y = checked(self, X, y, reset=reset, numeric=True)
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        y = np.ascontiguousarray(y.reshape(len(y), -1), dtype=np.float64)
        if self.loss == "poisson" and (y < 0).any():
            raise ValueError(
                f"loss='poisson' needs a y of 0 or more, but {y.min():g} is in it. "
                "Counts and rates are not negative; for other targets use loss='squared_error'."
            )
        return X, y

    def _validate_given(self, X: Any, y: Any) -> tuple[Any, NDArray[Any]]:
        return self._check_numbers(X, y, reset=False)

    def _labels_of(self, y: NDArray[Any]) -> NDArray[Any]:
        return y.ravel() if y.shape[1] == 1 else y

    def _weigh(
        self, y: NDArray[Any], weights: NDArray[Any] | None, *, incremental: bool
    ) -> NDArray[Any] | None:
        return weights

    def _stratify(self, y: NDArray[Any]) -> NDArray[Any] | None:
        return None

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

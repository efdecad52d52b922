"""A neural-net classifier with scikit-learn's face."""

from __future__ import annotations

from typing import Any, Literal, final

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import _fit_context
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import _check_partial_fit_first_call, type_of_target

from glassnet.estimators.mlp_classifying import ClassifyingMLP
from glassnet.estimators.mlp_validation import GivenRows
from glassnet.estimators.targets import Labels
from glassnet.training import Monitor


@final
class MLPClassifier(ClassifyingMLP):
    """Multi-layer perceptron classifier.

    It has every parameter, default, attribute and method of scikit-learn 1.9's
    `sklearn.neural_network.MLPClassifier`, and with the same `random_state` and
    ``precision="float64"`` it takes the same steps: the same random stream, batches and
    updates. By default the stochastic solvers compute in float32 on all but small data, which is
    faster and differs by rounding alone.

    The net is fitted by minimising, over n rows of weights s with S = sum_i s_i::

        J = sum_i s_i loss(a_i, y_i) / S + alpha / (2 S) sum_l |coefs_[l]|²

    where the loss is the log loss of a softmax output (several classes) or of sigmoid outputs
    (two classes, multilabel)::

        -sum_c y_c log a_c                                       a = softmax(z)
        -sum_c (y_c log a_c + (1 - y_c) log(1 - a_c))            a = 1 / (1 + exp(-z))

    Parameters
    ----------
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
    label_smoothing : float, default=0.0
        Share s of a class's 1 that is spread over all k classes, in [0, 1): the net is trained
        towards (1 - s) y + s / k, where k is 2 for each label of a multilabel y.
    precision : {'auto', 'float32', 'float64'}, default='auto'
        Arithmetic of the stochastic solvers, and of predicting with their nets; 'auto' is
        float32, but float64 for at most 100 rows, where it gives scikit-learn's numbers to their
        last digits at no cost. 'lbfgs' computes in float64 always. The coefs come back in the
        dtype of X.
    class_weight : dict, list of dict, 'balanced' or None, default=None
        Weight of each class, multiplied with the rows' own: rows of class c are trained with
        ``class_weight[c]`` times their weight, classes that a dict leaves out with 1. 'balanced'
        is ``n / (k n_c)`` for the n_c rows of class c (of summed weight n_c, where rows have
        weights), so that all classes have the same total. Where a row may have several labels it
        is a list of dicts, one a label, or 'balanced', and a row's factors are multiplied. Rows
        that early stopping keeps aside are weighted alike; those of `X_val` are not.
    scoring : str, callable or None, default=None
        Score of the validation rows, which early stopping watches and by which restarts are
        compared: a name of scikit-learn's scorers, such as 'roc_auc' or 'neg_log_loss', or
        ``scorer(net, X, y)``, where more is better. It is called with `sample_weight` too where
        the rows have weights. None is the accuracy, which the engine counts itself; anything
        else is computed in Python after each epoch.
    record_train_score : bool or 'auto', default='auto'
        Whether the rows that the net trains on are scored after each epoch too, which takes a
        forward pass; 'auto' does so where `fit` is given rows to validate on.
    record_examples : bool, default=False
        Whether `examples_` keeps each row's loss at each epoch, and whether it was right, at a few
        percent of the time and about 4 bytes a row and epoch.
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
    classes_ : ndarray or list of ndarray of shape (k,)
        Class labels.
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
        Accuracy, or `scoring`, of the validation rows after each epoch or iteration; None without
        early stopping and without `X_val`.
    validation_loss_curve_ : list of float or None
        Mean loss of the validation rows after each epoch, without the penalty that `loss_curve_`
        has in it; the log loss, summed over the labels where a row has several. None without
        validation rows.
    train_score_curve_ : list of float or None
        The same score as in `validation_scores_`, of the same net, on the rows that it trains
        on; None unless `record_train_score` asks for it.
    examples_ : ExampleLedger or None
        Of the last call to `fit` or `partial_fit`: each row's loss and whether it was right, at
        each epoch; see `glassnet.training.ExampleLedger`. Of several restarts, that of the net
        which is kept; after early stopping, of the epochs after the best one too. None unless
        `record_examples`. It is not stored in model files.
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
        'softmax' or 'logistic'.

    Notes
    -----
    Differences from scikit-learn: float32 arithmetic by default but for few rows;
    `loss_curve_` exists for 'lbfgs' too; training that diverges stops at once with a ValueError;
    a batch whose sample weights are all 0 is passed over rather than divided by zero.

    References
    ----------
    D. E. Rumelhart, G. E. Hinton, R. J. Williams, "Learning representations by
    back-propagating errors", Nature 323, 1986.

    The classes in `glassnet.model.activations`, `glassnet.training.optimizers` and
    `glassnet.training.schedules` name the sources of each; `glassnet.training.dropout` that of
    dropout. Weight decay: I. Loshchilov and F. Hutter, "Decoupled weight decay regularization",
    ICLR 2019. Clipping: R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent
    neural networks", ICML 2013. Smoothing: C. Szegedy et al., "Rethinking the Inception
    architecture for computer vision", CVPR 2016.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.preprocessing import scale
    >>> from glassnet import MLPClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> net = MLPClassifier((10,), solver="lbfgs", alpha=0.1, random_state=0).fit(scale(X), y)
    >>> net.score(scale(X), y) > 0.97
    True
    >>> [coef.shape for coef in net.coefs_]
    [(4, 10), (10, 3)]
    """

    loss = "log_loss"  # as scikit-learn's has it

    def __init__(
        self,
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
        label_smoothing: float = 0.0,
        precision: str = "auto",
        class_weight: Any = None,
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
    ) -> MLPClassifier:
        """Fit the net to rows and their labels.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n, d)
            The rows.
        y : array-like of shape (n,) or (n, k)
            Their labels; a 0/1 matrix for several labels a row.
        sample_weight : array-like of shape (n,), default=None
            Weight of each row; None for 1 each.
        X_val : array-like or sparse matrix of shape (v, d), default=None
            Rows to validate on. With `early_stopping` their score stops the training, in the
            place of rows kept aside, and all rows of X are trained on; without it, and with
            'lbfgs', what they say is recorded alone. In a pipeline,
            ``Pipeline(steps, transform_input=["X_val"])`` transforms them as it does X.
        y_val : array-like of shape (v,) or (v, k), default=None
            Their labels, all among those of y.
        sample_weight_val : array-like of shape (v,), default=None
            Their weights; None for 1 each.

        Returns
        -------
        MLPClassifier
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
        classes: ArrayLike | None = None,
        *,
        n_epochs: int = 1,
    ) -> MLPClassifier:
        """Go on training with one epoch or more over the given rows.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n, d)
            The rows.
        y : array-like of shape (n,) or (n, k)
            Their labels.
        sample_weight : array-like of shape (n,), default=None
            Weight of each row.
        classes : array-like of shape (k,), default=None
            All the classes there are; needed at the first call.
        n_epochs : int, default=1
            Epochs over these rows. The net is the same, bit for bit, as after so many calls: each
            epoch begins the random stream of an int `random_state` anew, as each call does, and
            a RandomState goes on.

        Returns
        -------
        MLPClassifier
            The net itself.

        Notes
        -----
        After a change of the solver, its memory of past gradients begins anew. A `class_weight`
        of 'balanced' is refused, since a part of the rows does not tell the classes' shares.
        """
        if _check_partial_fit_first_call(self, classes):
            multilabel = type_of_target(y).startswith("multilabel")
            self._labels = Labels.of(y) if multilabel else Labels(self.classes_)
        self._go_on(X, y, sample_weight, n_epochs)
        return self

    def fit_monitored(
        self,
        X: ArrayLike,
        y: ArrayLike,
        monitor: Monitor,
        *,
        X_val: ArrayLike | None = None,
        y_val: ArrayLike | None = None,
    ) -> MLPClassifier:
        """Fit as `fit` does, while a monitor hears of every epoch.

        Parameters
        ----------
        X, y : array-like of shape (n, d) and (n,)
            The rows and their labels.
        monitor : Monitor
            Its `epoch_ends` may raise KeyboardInterrupt to stop the training there.
        X_val, y_val : array-like of shape (v, d) and (v,), default=None
            Rows to validate on, as for `fit`.

        Returns
        -------
        MLPClassifier
            The net itself.
        """
        self._validate_params()
        self._fit(X, y, given=GivenRows.of(X_val, y_val, None), monitor=monitor)
        return self

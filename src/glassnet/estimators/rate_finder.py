"""The rate finder: one net at many learning rates, trained together for a few epochs."""

from __future__ import annotations

__all__ = ["rate_range"]


import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone

from glassnet.errors import DataError
from glassnet.estimators.mlp_classifier import MLPClassifier
from glassnet.estimators.mlp_parameters import STOCHASTIC_SOLVERS, hidden_layers, solver_of
from glassnet.estimators.populations import train_population
from glassnet.estimators.targets import Labels
from glassnet.evaluation.rate_range import RateRange, judge_rates
from glassnet.model import Member, Network
from glassnet.training import Monitor

RATES = np.geomspace(1e-5, 10.0, 25)
FEWEST_EPOCHS, FEWEST_STEPS = 5, 60
SEED = 0


def rate_range(
    X: ArrayLike,
    y: ArrayLike,
    estimator: MLPClassifier | None = None,
    *,
    rates: ArrayLike | None = None,
    epochs: int | None = None,
    monitor: Monitor | None = None,
) -> RateRange:
    """Find the range of learning rates with which a net can be trained.

    One net is trained for a few epochs at each rate, all from the same start and with the same
    batches, as one population. `glassnet.pictures.RateFinderDisplay` draws the losses.

    L. Smith ("Cyclical learning rates for training neural networks", WACV 2017, section 3.3) raises
    the rate during a single run, a little each batch. That takes one run, but what a rate does
    there depends on all the smaller ones before it, the curve must be smoothed, and it ends where
    it first diverges. Here each rate has a run of its own, which costs as much as m short fits
    (0.2 s for 25 rates on 5000 rows of 400 pixels, two cores) and needs no smoothing.

    Parameters
    ----------
    X : array-like or sparse matrix of shape (n, d)
        The training rows, scaled as they will be.
    y : array-like of shape (n,)
        Their labels.
    estimator : MLPClassifier, default=None
        The net whose rate is asked for: its layers, activation, solver and penalty count, its
        schedule, early stopping and class weights do not. None for the defaults.
    rates : array-like of shape (m,), default=None
        Rates to try, ascending; None for 25 from 1e-5 to 10.
    epochs : int, default=None
        Epochs at each rate; None for 5, or more for few rows, so that there are 60 steps.
    monitor : Monitor, default=None
        Hears of every epoch.

    Returns
    -------
    RateRange
        The losses, the range and the rate that is suggested.

    Raises
    ------
    DataError
        If the solver has no rate, or there are too few rates.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from glassnet import MLPClassifier, rate_range
    >>> X, y = load_digits(return_X_y=True)
    >>> found = rate_range(X / 16, y, MLPClassifier((40,), activation="logistic", solver="sgd"))
    >>> 0.3 <= found.suggested <= 1
    True
    """
    net = MLPClassifier() if estimator is None else clone(estimator)
    if net.solver not in STOCHASTIC_SOLVERS:
        raise DataError(
            f"The solver {net.solver!r} has no learning rate to find; "
            f"{', '.join(STOCHASTIC_SOLVERS)} have one."
        )
    tried = np.asarray(RATES if rates is None else rates, dtype=np.float64)
    labels = np.asarray(y)
    n_rows, n_columns = np.shape(X)
    batch = min(200 if net.batch_size == "auto" else int(net.batch_size), n_rows)
    steps = -(-n_rows // batch)
    n_epochs = max(FEWEST_EPOCHS, -(-FEWEST_STEPS // steps)) if epochs is None else int(epochs)
    shares = np.unique(labels, return_counts=True)[1] / len(labels)
    if len(shares) < 2 or n_epochs < 1:
        raise DataError("A range test needs rows of two classes or more, and an epoch or more.")
    judge_rates(tried, tried, epochs=n_epochs, baseline_loss=0.0)  # refuses bad rates before work
    k = Labels.of(labels).targets(labels).shape[1]
    network = Network(
        (n_columns, *hidden_layers(net.hidden_layer_sizes), k),
        net.activation,
        "logistic" if k == 1 else "softmax",
    )
    members = [_member(net, float(rate), n_epochs, batch) for rate in tried]
    result = train_population(
        network,
        members,
        X,
        labels,
        precision=net.precision,
        n_threads=net.n_threads,
        monitor=monitor,
    )
    return judge_rates(
        tried,
        [_last(fit.loss_curve, n_epochs) for fit in result.fits],
        epochs=n_epochs,
        baseline_loss=float(-(shares * np.log(shares)).sum()),
    )


def _member(net: MLPClassifier, rate: float, epochs: int, batch: int) -> Member:
    """Return the net at a constant rate, never stopped before its epochs are over."""
    net.set_params(learning_rate_init=rate, learning_rate="constant")
    seed = net.random_state if isinstance(net.random_state, int | np.integer) else SEED
    return Member(
        solver=solver_of(net),
        random_state=np.random.RandomState(seed),
        alpha=net.alpha,
        max_iter=epochs,
        tol=0.0,
        n_iter_no_change=np.inf,
        batch_size=batch,
        shuffle=net.shuffle,
        label_smoothing=net.label_smoothing,
        dropout=net.dropout,
        clip_norm=net.clip_norm,
    )


def _last(curve: list[float] | NDArray[np.float64], epochs: int) -> float:
    return float(curve[-1]) if len(curve) == epochs else np.inf

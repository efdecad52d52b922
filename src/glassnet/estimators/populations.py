"""The public face of the engines: many members on one set of rows, in one call."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils.validation import check_X_y

from glassnet.errors import DataError
from glassnet.estimators.member_checks import check_members
from glassnet.estimators.memory import check_memory
from glassnet.estimators.mlp_parameters import arithmetic
from glassnet.estimators.targets import Labels
from glassnet.model import Member, Network, Population
from glassnet.training import Monitor, Result, choose_engine


def train_population(
    network: Network,
    members: Iterable[Member],
    X: ArrayLike,
    y: ArrayLike,
    *,
    precision: str = "auto",
    n_threads: int | None = None,
    monitor: Monitor | None = None,
) -> Result:
    """Train many members of one network shape on the same rows, together.

    Parameters
    ----------
    network : Network
        The shape: d features, hidden layers, and k outputs: for k >= 3 classes a "softmax"
        output of k units, for two classes a "logistic" one of one unit; for k numbers an "identity"
        output (squared error) or an "exp" one (Poisson loss) of k units.
    members : iterable of Member
        The nets to train: each has a random state, a solver and rows of its own.
    X : array-like or sparse matrix of shape (n, d)
        The rows.
    y : array-like of shape (n,), or (n, k) for numbers
        Their labels, or the numbers to predict.
    precision : {"auto", "float32", "float64"}, default="auto"
        Arithmetic of the stochastic solvers; "auto" is float32, but float64 for at most
        100 rows.
    n_threads : int or None, default=None
        Threads to use; None for the cores that this process may use. A member's result does not
        depend on it, nor on who trains beside it.
    monitor : Monitor or None, default=None
        Hears of every epoch.

    Returns
    -------
    Result
        Parameters (m, p), loss curves, and why each member stopped, in the order of the members.

    Raises
    ------
    DataError
        If the network's shape does not fit the rows or the classes, or a member's numbers or
        row numbers make no sense.
    MemoryError
        If less memory is there than the training takes, with the ledgers of members that
        `record_examples`.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.datasets import load_iris
    >>> from glassnet import Member, Network, train_population
    >>> from glassnet.training import Adam
    >>> X, y = load_iris(return_X_y=True)
    >>> members = [Member(Adam(0.01), np.random.RandomState(seed), max_iter=20) for seed in (0, 1)]
    >>> result = train_population(Network((4, 8, 3)), members, X, y)
    >>> result.parameters.shape, [fit.n_iter for fit in result.fits]
    ((2, 67), [20, 20])
    """
    if precision not in ("auto", "float32", "float64"):
        raise DataError(f"precision is {precision!r}; it must be 'auto', 'float32' or 'float64'.")
    if n_threads is not None and n_threads < 1:
        raise DataError(f"n_threads is {n_threads}; it must be 1 or more, or None.")
    is_of_classes = network.out.is_of_classes
    checked: tuple[Any, Any] = check_X_y(
        X,
        y,
        accept_sparse="csr",
        dtype=(np.float64, np.float32),
        multi_output=not is_of_classes,
        y_numeric=not is_of_classes,
    )
    rows, given = checked
    targets: Any = (
        Labels.of(given).targets(given)
        if is_of_classes
        else np.asarray(given, dtype=np.float64).reshape(len(given), -1)
    )
    expected = (rows.shape[1], targets.shape[1])
    if (network.layer_sizes[0], network.layer_sizes[-1]) != expected:
        raise DataError(
            f"The network has {network.layer_sizes[0]} inputs and {network.layer_sizes[-1]} "
            f"outputs, but these rows need {expected[0]} and {expected[1]}: one input a column, "
            "one output a class (one for two classes) or number."
        )
    population = Population(network, tuple(members))
    check_members(population.members, rows.shape[0])
    computed = arithmetic(precision, "sgd", rows.shape[0])
    epochs = [member.max_iter for member in population.members if member.record_examples]
    n_members = len(population.members)
    check_memory(network, computed, n_members, n_epochs=sum(epochs), n_rows=rows.shape[0])
    return choose_engine(n_threads).train(
        population, rows, targets, dtype=computed, monitor=monitor
    )

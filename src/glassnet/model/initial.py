"""Where a net starts: random weights, in scikit-learn's order of drawing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.model.network import Network


def initial_parameters(
    network: Network, random_state: np.random.RandomState, dtype: np.dtype[Any]
) -> NDArray[Any]:
    """Draw initial parameters.

    Each layer's coefs and then its intercepts are uniform on ``[-bound, bound]`` with
    ``bound = sqrt(gain / (fan_in + fan_out))``, where gain is 2 for the logistic activation
    and 6 for the others (Glorot and Bengio, "Understanding the difficulty of training deep
    feedforward neural networks", AISTATS 2010). The order of the draws is scikit-learn's, so
    that the same random state gives the same net.

    Parameters
    ----------
    network : Network
        The shape to fill.
    random_state : RandomState
        Advanced by one draw a parameter.
    dtype : dtype
        Of the result; the draws are float64 and rounded.

    Returns
    -------
    ndarray of shape (p,)
        The parameters theta.
    """
    theta = np.empty(network.n_parameters, dtype=dtype)
    for coef, intercept in zip(network.coefs(theta), network.intercepts(theta), strict=True):
        bound = np.sqrt(network.hidden.gain / sum(coef.shape))
        coef[...] = random_state.uniform(-bound, bound, coef.shape)
        intercept[...] = random_state.uniform(-bound, bound, intercept.shape)
    return theta

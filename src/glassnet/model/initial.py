"""Where a net starts: random weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.model.network import Network

# Of N(0, gain / fan_in): that of hidden layers keeps the size of what relu and silu pass on, that
# of the output lets all classes begin about equally probable.
HIDDEN_GAIN, OUTPUT_GAIN = 2.0, 0.1


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


def normal_parameters(
    network: Network, random_state: np.random.RandomState, dtype: np.dtype[Any]
) -> NDArray[Any]:
    """Draw initial parameters that are normal, with a small output layer.

    Coefs of hidden layers are N(0, 2 / fan_in) (He, Zhang, Ren and Sun, "Delving deep into
    rectifiers", ICCV 2015), those of the output layer N(0, 0.1 / fan_in); intercepts of hidden
    layers are uniform within ``1 / sqrt(fan_in)`` of 0, so that units bend at different places, and
    those of the output are 0.

    Parameters
    ----------
    network, random_state, dtype
        As in `initial_parameters`.

    Returns
    -------
    ndarray of shape (p,)
        The parameters theta.
    """
    theta = np.zeros(network.n_parameters, dtype=dtype)
    coefs, intercepts = network.coefs(theta), network.intercepts(theta)
    for place, coef in enumerate(coefs):
        is_output = place == len(coefs) - 1
        fan_in = coef.shape[0]
        gain = OUTPUT_GAIN if is_output else HIDDEN_GAIN
        coef[...] = random_state.normal(0.0, np.sqrt(gain / fan_in), coef.shape)
        if not is_output:
            bound = 1 / np.sqrt(fan_in)
            intercepts[place][...] = random_state.uniform(-bound, bound, coef.shape[1])
    return theta


INITIAL: dict[str, Callable[[Network, np.random.RandomState, np.dtype[Any]], NDArray[Any]]] = {
    "glorot": initial_parameters,
    "normal": normal_parameters,
}

"""The document's net in PyTorch's plain loop and in JAX's scan: what a user might try instead.

Each trains 400-40-10 with sigmoids by stochastic gradient descent, batches of 200, rate 1 and
Nesterov's momentum, in float32, on this machine's cores; a case is made only where its library is
installed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np
from cases import THE_NET, Case

from data import Rows
from glassnet import MLPClassifier

EPOCHS, BATCH, RATE, MOMENTUM = 200, 200, 1.0, 0.9


def others(rows: Callable[[], Rows]) -> Iterator[Callable[[], Case]]:
    """Return the cases whose libraries are here."""
    for library, make in (("torch", torch_loop), ("jax", jax_scan)):
        if find_spec(library) is not None:
            yield lambda make=make: make(rows())


def _case(name: str, theirs: Callable[[], float], rows: Rows) -> Case:
    return Case(
        f"{rows.name}, 400-40-10, sgd, 200 epochs: {name}",
        1,
        theirs,
        lambda: MLPClassifier(random_state=0, **THE_NET).fit(rows.X, rows.y).loss_,
        lambda theirs, ours: f"loss {theirs:.5f} / {ours:.5f}",
        most_rounds=3,
    )


def torch_loop(rows: Rows) -> Case:
    """Return the case of PyTorch."""
    import torch

    X = torch.tensor(rows.X, dtype=torch.float32)
    y = torch.tensor(np.unique(rows.y, return_inverse=True)[1])

    def train() -> float:
        torch.manual_seed(0)
        net = torch.nn.Sequential(
            torch.nn.Linear(X.shape[1], 40), torch.nn.Sigmoid(), torch.nn.Linear(40, 10)
        )
        optimizer = torch.optim.SGD(net.parameters(), lr=RATE, momentum=MOMENTUM, nesterov=True)
        loss_of = torch.nn.CrossEntropyLoss()
        total = 0.0
        for _ in range(EPOCHS):
            total = 0.0
            for batch in torch.randperm(len(X)).split(BATCH):
                optimizer.zero_grad()
                loss = loss_of(net(X[batch]), y[batch])
                loss.backward()
                optimizer.step()
                total += loss.item() * len(batch) / len(X)
        return total

    return _case("PyTorch's loop", train, rows)


def jax_scan(rows: Rows) -> Case:
    """Return the case of JAX, compiled once before the clock starts."""
    import jax
    import jax.numpy as jnp

    X = jnp.asarray(rows.X, dtype=jnp.float32)
    y = jnp.asarray(np.unique(rows.y, return_inverse=True)[1])

    def loss_of(theta: Any, X: Any, y: Any) -> Any:
        (W1, b1), (W2, b2) = theta
        scores = jax.nn.sigmoid(X @ W1 + b1) @ W2 + b2
        return -jnp.take_along_axis(jax.nn.log_softmax(scores), y[:, None], axis=1).mean()

    def step(state: Any, batch: Any) -> Any:
        theta, velocity = state
        loss, gradient = jax.value_and_grad(loss_of)(theta, X[batch], y[batch])
        velocity = jax.tree.map(lambda v, g: MOMENTUM * v - RATE * g, velocity, gradient)
        theta = jax.tree.map(lambda p, v, g: p + MOMENTUM * v - RATE * g, theta, velocity, gradient)
        return (theta, velocity), loss

    def epoch(state: Any, key: Any) -> Any:
        order = jax.random.permutation(key, len(X)).reshape(-1, BATCH)
        state, losses = jax.lax.scan(step, state, order)
        return state, losses.mean()

    @jax.jit
    def train(key: Any) -> Any:
        keys = jax.random.split(key, 3)
        theta = [
            (jax.random.uniform(k, shape, minval=-0.1, maxval=0.1), jnp.zeros(shape[1]))
            for k, shape in zip(keys, ((X.shape[1], 40), (40, 10)), strict=False)
        ]
        state = theta, jax.tree.map(jnp.zeros_like, theta)
        return jax.lax.scan(epoch, state, jax.random.split(keys[2], EPOCHS))[1][-1]

    return _case("JAX's scan", lambda: float(train(jax.random.PRNGKey(0))), rows)

"""A classifier of ordinary size: matrix products and overhead cost about the same."""

from itertools import pairwise

import numpy as np

TITLE = "MLP 64-256-256-10 with ReLU, batch 128, cross-entropy, SGD: one training step"
UNIT, UNITS_PER_CALL = "step", 1
SIZES = (64, 256, 256, 10)
RATE = 0.1


def data():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((128, 64)).astype(np.float32)
    targets = rng.integers(0, 10, 128)
    weights = []
    for d_in, d_out in pairwise(SIZES):
        weights.append((rng.standard_normal((d_in, d_out)) * d_in**-0.5).astype(np.float32))
        weights.append((rng.standard_normal(d_out) * 0.1).astype(np.float32))
    return x, targets, weights


def with_tinyffn(data):
    from tinyffn import nn, ops, optim

    x, targets, weights = data
    rng = np.random.default_rng(0)
    model = nn.Sequential(
        nn.Linear(64, 256, rng=rng), ops.relu, nn.Linear(256, 256, rng=rng), ops.relu,
        nn.Linear(256, 10, rng=rng),
    )  # fmt: skip
    for parameter, w in zip(model.parameters(), weights, strict=True):
        parameter.data[...] = w
    optimizer = optim.SGD(model.parameters(), RATE)

    def step():
        optimizer.zero_grad()
        loss = ops.cross_entropy(model(x), targets=targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def with_pytorch(data):
    import torch
    from torch import nn

    x, targets, weights = data
    x, targets = torch.tensor(x), torch.tensor(targets)
    model = nn.Sequential(
        nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 10)
    )
    with torch.no_grad():
        for parameter, w in zip(model.parameters(), weights, strict=True):
            parameter[...] = torch.tensor(w).T if w.ndim == 2 else torch.tensor(w)
    optimizer = torch.optim.SGD(model.parameters(), RATE)

    def step():
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def loss_of(np, weights, x, one_hot):
    """The loss in any library that speaks NumPy's language."""
    w1, b1, w2, b2, w3, b3 = weights
    h = np.maximum(x @ w1 + b1, 0.0)
    h = np.maximum(h @ w2 + b2, 0.0)
    logits = h @ w3 + b3
    log_total = np.log(np.sum(np.exp(logits), axis=-1))  # logits are small here
    return np.mean(log_total - np.sum(logits * one_hot, axis=-1))


def with_jax(data):
    import jax
    import jax.numpy as jnp

    x, targets, weights = data
    one_hot = np.eye(10, dtype=np.float32)[targets]

    @jax.jit
    def update(weights, x, one_hot):
        loss, gradients = jax.value_and_grad(lambda w: loss_of(jnp, w, x, one_hot))(weights)
        return loss, [w - RATE * g for w, g in zip(weights, gradients, strict=True)]

    weights = [jnp.asarray(w) for w in weights]

    def step():
        nonlocal weights
        loss, weights = jax.block_until_ready(update(weights, x, one_hot))
        return float(loss)

    return step


def with_autograd(data):
    import autograd
    import autograd.numpy as anp

    x, targets, weights = data
    one_hot = np.eye(10, dtype=np.float32)[targets]
    weights = [w.copy() for w in weights]
    loss_and_gradients = autograd.value_and_grad(lambda w: loss_of(anp, w, x, one_hot))

    def step():
        loss, gradients = loss_and_gradients(weights)
        for w, g in zip(weights, gradients, strict=True):
            w -= RATE * g
        return float(loss)

    return step


def with_mygrad(data):
    import mygrad

    x, targets, weights = data
    one_hot = np.eye(10, dtype=np.float32)[targets]
    weights = [mygrad.tensor(w) for w in weights]

    def step():
        loss = loss_of(mygrad, weights, x, one_hot)
        loss.backward()
        for w in weights:
            w.data[...] -= RATE * w.grad
        return loss.item()

    return step

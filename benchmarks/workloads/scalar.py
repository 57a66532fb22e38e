"""A network so small that arithmetic costs nothing: what is timed is the library around it."""

from itertools import pairwise

import numpy as np

TITLE = "MLP 2-16-16-1 with ReLU, batch 32, mean squared error, SGD: one training step"
UNIT, UNITS_PER_CALL = "step", 1
SIZES = (2, 16, 16, 1)
RATE = 0.05


def data():
    rng = np.random.default_rng(0)
    x = rng.uniform(-1.0, 1.0, (32, 2)).astype(np.float32)
    target = np.sign(x[:, :1] * x[:, 1:])
    weights = []
    for d_in, d_out in pairwise(SIZES):
        weights.append((rng.standard_normal((d_in, d_out)) * d_in**-0.5).astype(np.float32))
        weights.append((rng.standard_normal(d_out) * 0.1).astype(np.float32))
    return x, target, weights


def with_tinyffn(data):
    from tinyffn import nn, ops, optim

    x, target, weights = data
    rng = np.random.default_rng(0)
    model = nn.Sequential(
        nn.Linear(2, 16, rng=rng), ops.relu, nn.Linear(16, 16, rng=rng), ops.relu,
        nn.Linear(16, 1, rng=rng),
    )  # fmt: skip
    for parameter, w in zip(model.parameters(), weights, strict=True):
        parameter.data[...] = w
    optimizer = optim.SGD(model.parameters(), RATE)

    def step():
        optimizer.zero_grad()
        loss = ops.mse(model(x), target)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def with_numpy(data):
    x, target, weights = data
    w1, b1, w2, b2, w3, b3 = (w.copy() for w in weights)

    def step():
        nonlocal w1, b1, w2, b2, w3, b3
        h1 = np.maximum(x @ w1 + b1, 0.0)
        h2 = np.maximum(h1 @ w2 + b2, 0.0)
        difference = h2 @ w3 + b3 - target
        loss = np.vdot(difference, difference) / difference.size
        dy = difference * (2.0 / difference.size)
        dh2 = (dy @ w3.T) * (h2 > 0.0)
        dh1 = (dh2 @ w2.T) * (h1 > 0.0)
        w3 -= RATE * (h2.T @ dy)
        b3 -= RATE * dy.sum(axis=0)
        w2 -= RATE * (h1.T @ dh2)
        b2 -= RATE * dh2.sum(axis=0)
        w1 -= RATE * (x.T @ dh1)
        b1 -= RATE * dh1.sum(axis=0)
        return float(loss)

    return step


def with_pytorch(data):
    import torch
    from torch import nn

    x, target, weights = data
    x, target = torch.tensor(x), torch.tensor(target)
    model = nn.Sequential(
        nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 1)
    )
    with torch.no_grad():
        for parameter, w in zip(model.parameters(), weights, strict=True):
            parameter[...] = torch.tensor(w).T if w.ndim == 2 else torch.tensor(w)
    optimizer = torch.optim.SGD(model.parameters(), RATE)

    def step():
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), target)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def loss_of(np, weights, x, target):
    """The loss in any library that speaks NumPy's language."""
    w1, b1, w2, b2, w3, b3 = weights
    h = np.maximum(x @ w1 + b1, 0.0)
    h = np.maximum(h @ w2 + b2, 0.0)
    difference = h @ w3 + b3 - target
    return np.mean(difference * difference)


def with_jax(data):
    import jax
    import jax.numpy as jnp

    x, target, weights = data

    @jax.jit
    def update(weights, x, target):
        loss, gradients = jax.value_and_grad(lambda w: loss_of(jnp, w, x, target))(weights)
        return loss, [w - RATE * g for w, g in zip(weights, gradients, strict=True)]

    weights = [jnp.asarray(w) for w in weights]

    def step():
        nonlocal weights
        loss, weights = jax.block_until_ready(update(weights, x, target))
        return float(loss)

    return step


def with_autograd(data):
    import autograd
    import autograd.numpy as anp

    x, target, weights = data
    weights = [w.copy() for w in weights]
    loss_and_gradients = autograd.value_and_grad(lambda w: loss_of(anp, w, x, target))

    def step():
        loss, gradients = loss_and_gradients(weights)
        for w, g in zip(weights, gradients, strict=True):
            w -= RATE * g
        return float(loss)

    return step


def with_mygrad(data):
    import mygrad

    x, target, weights = data
    weights = [mygrad.tensor(w) for w in weights]

    def step():
        loss = loss_of(mygrad, weights, x, target)
        loss.backward()
        for w in weights:
            w.data[...] -= RATE * w.grad
        return loss.item()

    return step


def with_micrograd(data):
    from micrograd.nn import MLP

    x, target, (w1, b1, w2, b2, w3, b3) = data
    model = MLP(2, [16, 16, 1])
    for layer, w, b in zip(model.layers, (w1, w2, w3), (b1, b2, b3), strict=True):
        for j, neuron in enumerate(layer.neurons):
            neuron.b.data = float(b[j])
            for i, parameter in enumerate(neuron.w):
                parameter.data = float(w[i, j])
    points = [([float(v) for v in row], float(t)) for row, t in zip(x, target[:, 0], strict=True)]

    def step():
        loss = sum((model(point) - t) ** 2 for point, t in points) * (1.0 / len(points))
        model.zero_grad()
        loss.backward()
        for parameter in model.parameters():
            parameter.data -= RATE * parameter.grad
        return loss.data

    return step

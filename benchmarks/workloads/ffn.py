"""The layer that this course is about, forward and backward."""

import numpy as np

TITLE = "FeedForward 256 -> 1024 -> 256 with GELU, 1024 tokens: forward and backward"
UNIT, UNITS_PER_CALL = "pass", 1
N_TOKENS, D_MODEL, D_FF = 1024, 256, 1024


def data():
    """Tokens, the gradient from above, and the weights; dx is wanted too, as inside a model."""
    rng = np.random.default_rng(0)

    def normal(*shape, std=1.0):
        return (std * rng.standard_normal(shape)).astype(np.float32)

    weights = {
        "w_up": normal(D_MODEL, D_FF, std=D_MODEL**-0.5),
        "b_up": normal(D_FF, std=0.1),
        "w_down": normal(D_FF, D_MODEL, std=D_FF**-0.5),
        "b_down": normal(D_MODEL, std=0.1),
    }
    return normal(N_TOKENS, D_MODEL), normal(N_TOKENS, D_MODEL), weights


def value(result):
    """One number that only the right y and the right gradients give."""
    y, gradients = result
    return float(sum(np.abs(np.asarray(a)).mean(dtype=np.float64) for a in (y, *gradients)))


def with_tinyffn(data):
    from tinyffn import Tensor, nn

    x, dy, weights = data
    layer = nn.FeedForward(D_MODEL, D_FF, rng=np.random.default_rng(0))
    for parameter, w in zip(layer.parameters(), weights.values(), strict=True):
        parameter.data[...] = w
    x = Tensor(x, requires_grad=True)
    leaves = [x, *layer.parameters()]

    def once():
        for leaf in leaves:
            leaf.grad = None
        y = layer(x)
        y.backward(dy)
        return y.data, [leaf.grad for leaf in leaves]

    return once


def with_pytorch(data):
    import torch
    from torch import nn

    x, dy, weights = data
    layer = nn.Sequential(nn.Linear(D_MODEL, D_FF), nn.GELU(), nn.Linear(D_FF, D_MODEL))
    with torch.no_grad():
        for parameter, w in zip(layer.parameters(), weights.values(), strict=True):
            parameter[...] = torch.tensor(w).T if w.ndim == 2 else torch.tensor(w)
    x, dy = torch.tensor(x, requires_grad=True), torch.tensor(dy)
    leaves = [x, *layer.parameters()]

    def once():
        for leaf in leaves:
            leaf.grad = None
        y = layer(x)
        y.backward(dy)
        return y.detach(), [leaf.grad for leaf in leaves]

    return once


def layer_of(np, erf, x, w_up, b_up, w_down, b_down):
    """The layer in any library that speaks NumPy's language and has an erf."""
    h = x @ w_up + b_up
    h = h * (0.5 + 0.5 * erf(h * 0.5**0.5))
    return h @ w_down + b_down


def with_jax(data):
    import jax
    import jax.numpy as jnp
    from jax.scipy.special import erf

    x, dy, weights = data
    leaves = [jnp.asarray(a) for a in (x, *weights.values())]

    @jax.jit
    def forward_backward(dy, leaves):
        y, backward = jax.vjp(lambda *leaves: layer_of(jnp, erf, *leaves), *leaves)
        return y, backward(dy)

    def once():
        return jax.block_until_ready(forward_backward(dy, leaves))

    return once


def with_autograd(data):
    import autograd.numpy as anp
    from autograd import make_vjp
    from autograd.scipy.special import erf

    x, dy, weights = data
    leaves = (x, *weights.values())
    forward = make_vjp(lambda leaves: layer_of(anp, erf, *leaves))

    def once():
        backward, y = forward(leaves)
        return y, backward(dy)

    return once

"""Checks of exercise 8.4. The MLP runs here, so that only its function counts. No two axes have the
same size.
"""

import numpy as np

from tinyffn.lab.checks import check, require

D_MODEL, D_HEAD, S, D_V = 5, 3, 6, 4


def softmax(a):
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def head(rng, *, bias=0.0, slope=0.0, n_hidden=0, dtype="float64"):
    """The arguments of head_as_mlp, by their order. The first key and the last stay shown."""
    shapes = [(D_MODEL, D_HEAD), (D_HEAD,), (S, D_HEAD), (S, D_V)]
    arrays = [rng.normal(size=shape).astype(dtype) for shape in shapes]
    arrays[1] *= bias
    hidden = np.zeros(S, dtype=bool)
    hidden[rng.permutation(np.arange(1, S - 1))[:n_hidden]] = True
    return [*arrays, slope, hidden]


def output(task, rng, arguments, n=7, scale=1.0):
    """What the returned MLP makes of n vectors x."""
    weights = task.head_as_mlp(*arguments)
    has = len(weights) if isinstance(weights, list | tuple) else "something else"
    require(has == 3, f"return three arrays, w_up, b_up and w_down: got {has}")
    w_up, b_up, w_down = map(np.asarray, weights)
    d_ff = w_up.shape[-1] if w_up.ndim else 0
    for name, array, shape in [
        ("w_up", w_up, (D_MODEL, d_ff)),
        ("b_up", b_up, (d_ff,)),
        ("w_down", w_down, (d_ff, D_V)),
    ]:
        require(array.shape == shape, f"{name} has shape {array.shape}, expected {shape}")
    x = scale * rng.normal(size=(n, D_MODEL)).astype(arguments[0].dtype)
    with np.errstate(all="ignore"):
        return {"y": softmax(x @ w_up + b_up) @ w_down}


@check("scores without a bias or a penalty", points=3)
def plain(task, rng):
    return output(task, rng, head(rng))


@check("a bias of the query", points=2, after=plain.name)
def bias(task, rng):
    return output(task, rng, head(rng, bias=2.0))


@check("a penalty for distance", points=2, after=plain.name)
def penalty(task, rng):
    return output(task, rng, head(rng, slope=0.7))


@check("hidden keys", points=2, after=plain.name)
def hidden(task, rng):
    return output(task, rng, head(rng, n_hidden=2))


PARTS = (bias.name, penalty.name, hidden.name)


@check("all of it together", points=2, after=PARTS)
def together(task, rng):
    return output(task, rng, head(rng, bias=2.0, slope=0.7, n_hidden=3))


@check("hidden keys that fit best", points=1, after=hidden.name)
def fitting(task, rng):
    """Large scores, and many x, of which some fit a hidden key best."""
    return output(task, rng, head(rng, n_hidden=3), n=50, scale=1e5)


@check("whatever stands in hidden rows", points=1, after=(together.name, fitting.name))
def unfilled(task, rng):
    arguments = head(rng, bias=2.0, slope=0.7, n_hidden=3)
    arguments[2][arguments[5]], arguments[3][arguments[5]] = np.inf, np.nan
    return output(task, rng, arguments)


@check("float32 in, float32 out", points=1, after=together.name, tolerance=1e-4)
def float32(task, rng):
    slope = np.array(0.7)  # a number of NumPy's, of 64 bits
    return output(task, rng, head(rng, bias=2.0, slope=slope, n_hidden=2, dtype="float32"))

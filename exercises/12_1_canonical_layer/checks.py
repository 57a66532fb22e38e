"""Checks of exercise 12.1. Coefficients at triggers are below 0 as often as above.

What the layer does comes first: whoever scales the gate too is told that, and not of an entry.
"""

import numpy as np

from tinyffn.lab.checks import check

D = 4


def coefficients(gate, up, x):
    z = x @ gate.T
    return z / (1 + np.exp(-z)) * (x @ up.T)


def layer(rng, d_ff, leading):
    """gate, up, down and x. The first neuron's coefficient at its trigger is far below 0.

    Their order, that of their old values' lengths, the one asked for and its reverse all differ.
    """
    while True:
        gate, up = rng.normal(size=(2, d_ff, D))
        down, x = rng.normal(size=(D, d_ff)), 2 * rng.normal(size=(*leading, D))
        m = coefficients(gate, up, x).reshape(-1, d_ff)
        a = m[np.abs(m).argmax(axis=0), np.arange(d_ff)]
        if a[0] > 0:
            up[0], a[0] = -up[0], -a[0]
        before, after = (np.argsort(-np.linalg.norm(v, axis=0)) for v in (down, a * down))
        orders = {tuple(range(d_ff)), tuple(before), tuple(after), tuple(after[::-1])}
        if np.abs(a).min() > 1.5 and (d_ff == 1 or len(orders) == 4):
            return gate, up, down, x


def named(task, rng, d_ff, leading, dtype="float64"):
    """What the new layer does at other inputs, and its arrays; the gate, which only moves, last."""
    old = [array.astype(dtype) for array in layer(rng, d_ff, leading)]
    others = rng.normal(size=(3, D)).astype(dtype)
    gate, up, down = task.canonical_layer(*old)
    outputs = np.full((3, D), np.nan, dtype)
    if [np.shape(array) for array in (gate, up, down)] == [array.shape for array in old[:3]]:
        outputs = coefficients(gate, up, others) @ down.T
    return {"the outputs for other x": outputs, "up": up, "down": down, "gate": gate}


@check("one neuron, one input", points=3)
def one(task, rng):
    return named(task, rng, 1, (1,))


@check("one neuron, its trigger", points=2, after="one neuron, one input")
def trigger(task, rng):
    return named(task, rng, 1, (6,))


@check("many neurons, in order", points=3, after="one neuron, its trigger")
def order(task, rng):
    return named(task, rng, 5, (6,))


@check("any leading axes", points=1, after="many neurons, in order")
def leading(task, rng):
    found = {}
    for axes in [(6, 2), ()]:
        parts = named(task, rng, 5, axes)
        found |= {f"{name} (x of shape {(*axes, D)})": array for name, array in parts.items()}
    return found


@check("float32 in, float32 out", points=1, after="many neurons, in order", tolerance=1e-4)
def float32(task, rng):
    return named(task, rng, 4, (6,), "float32")

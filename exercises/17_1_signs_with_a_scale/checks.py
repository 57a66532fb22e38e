"""Checks of exercise 17.1. No two axes have the same size, so that a swap cannot hide."""

import numpy as np

from tinyffn.lab.checks import check

D_IN, D_OUT = 5, 3


def inputs(rng, leading=(4,), dtype="float64"):
    """x, w and dy. In each column weights lie inside [-1, 1] and outside, on both sides; one is 0,
    in one column -0.0. Two are at the ends, 1 and -1. Columns differ in scale, so that one scale
    for all cannot hide.
    """
    inside = rng.uniform(0.2, 0.9, size=(2, D_OUT))
    inside[[0, 1], [0, 1]] = 1
    outside = rng.uniform(1.1, 2, size=(2, D_OUT)) * np.array([1, 2, 4])
    w = np.concatenate([inside, outside, [[0.0, -0.0, 0.0]]])
    w *= np.array([1, -1, 1, -1, 1])[:, np.newaxis]
    w = rng.permuted(w, axis=0)
    x, dy = rng.normal(size=(*leading, D_IN)), rng.normal(size=(*leading, D_OUT))
    return [array.astype(dtype) for array in (x, w, dy)]


def gradients(task, x, w, dy):
    y, backward = task.sign_layer(x, w)
    dx, dw = backward(dy)
    return {"y": y, "dx": dx, "dw": dw}


@check("y", points=2)
def forward(task, rng):
    x, w, _ = inputs(rng)
    return {"y": task.sign_layer(x, w)[0]}


@check("dx", points=2, after="y")
def dx(task, rng):
    return {"dx": gradients(task, *inputs(rng))["dx"]}


@check("dw where all weights are inside", points=4, after="y")
def inside(task, rng):
    x, w, dy = inputs(rng)
    return {"dw": gradients(task, x, w / 9, dy)["dw"]}


@check("dw where some are outside", points=3, after=inside.name)
def outside(task, rng):
    return {"dw": gradients(task, *inputs(rng))["dw"]}


ALL = ("dx", outside.name)


@check("any leading axes", points=2, after=ALL)
def leading(task, rng):
    values = {}
    for axes in [(2, 4), ()]:
        found = gradients(task, *inputs(rng, axes))
        values |= {f"{name} (x of shape {(*axes, D_IN)})": a for name, a in found.items()}
    return values


@check("float32 in, float32 out", points=1, after=ALL, tolerance=1e-4)
def float32(task, rng):
    return gradients(task, *inputs(rng, dtype="float32"))

"""Checks of exercise 4.3. All widths differ, and no two old units have the same count."""

from itertools import pairwise

import numpy as np

from tinyffn.lab.checks import check

IN_ORDER = [0, 1, 2, 2, 2, 1, 2]  # old units first, in their order, then copies
ANY_ORDER = [2, 0, 1, 2, 1, 2]


def draw(rng, widths, dtype="float64"):
    return [
        (rng.normal(size=pair).astype(dtype), rng.normal(size=pair[1]).astype(dtype))
        for pair in pairwise(widths)
    ]


def wider(task, layers, *copies):
    """The arrays of the wider network, each with its name."""
    new = task.widen(layers, [np.array(copy) for copy in copies])
    return {f"{name} of layer {i}": array
            for i, layer in enumerate(new)
            for name, array in zip("wb", layer, strict=True)}  # fmt: skip


def output(layers, x):
    for i, (w, b) in enumerate(layers):
        x = (np.maximum(x, 0) if i else x) @ w + b
    return x


@check("what copies receive", points=2)
def receive(task, rng):
    arrays = wider(task, draw(rng, (4, 3, 2)), IN_ORDER)
    return {name: arrays[name] for name in ("w of layer 0", "b of layer 0")}


@check("what copies send", points=2, after="what copies receive")
def send(task, rng):
    arrays = wider(task, draw(rng, (4, 3, 2)), IN_ORDER)
    return {name: arrays[name] for name in ("w of layer 1", "b of layer 1")}


@check("copies in any order", points=1, after="what copies send")
def any_order(task, rng):
    return wider(task, draw(rng, (4, 3, 2)), ANY_ORDER)


@check("two hidden layers", points=3, after="what copies send")
def two(task, rng):
    return wider(task, draw(rng, (4, 3, 2, 5)), IN_ORDER, [0, 1, 1, 1])


@check("the same function", points=1, after="what copies send")
def function(task, rng):
    layers = draw(rng, (4, 3, 2, 6, 5))
    copies = [np.array(copy) for copy in ([1, 1, 0, 2, 2, 2], [1, 1, 0], [5, 4, 3, 2, 1, 0, 0])]
    return {"y": output(task.widen(layers, copies), rng.normal(size=(3, 4)))}


@check("float32 in, float32 out", points=1, after="what copies send", tolerance=1e-4)
def float32(task, rng):
    return wider(task, draw(rng, (4, 3, 2), "float32"), IN_ORDER)

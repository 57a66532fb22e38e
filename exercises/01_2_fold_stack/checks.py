"""Checks of exercise 1.2. All widths differ, so that layers in the wrong order do not fit."""

from itertools import pairwise

import numpy as np

from tinyffn.lab.checks import check, require


def stack(rng, widths, dtype="float64"):
    """One table for each two neighbours in `widths`."""
    shapes = [(d_in + 1, d_out) for d_in, d_out in pairwise(widths)]
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def run(tables, x):
    """What comes out of the layers for the examples in x."""
    for table in tables:
        x = x @ table[:-1] + table[-1]
    return x


@check("two layers", points=3)
def two(task, rng):
    return {"the table": task.fold(stack(rng, (4, 3, 2)))}


@check("one layer", points=1, after="two layers")
def one(task, rng):
    return {"the table": task.fold(stack(rng, (4, 3)))}


@check("stacks of any depth", points=3, after="two layers")
def deep(task, rng):
    values = {}
    for widths in [(4, 3, 5, 2), (2, 6, 1, 4, 5, 3, 7)]:
        folded = task.fold(stack(rng, widths))
        depth, shape = len(widths) - 1, (widths[0] + 1, widths[-1])
        has = np.shape(folded)
        require(has == shape, f"the table for {depth} layers has shape {has}, expected {shape}")
        values[f"y for {depth} layers"] = run([folded], rng.normal(size=(3, widths[0])))
    return values


@check("float32 in, float32 out", points=1, after="two layers", tolerance=1e-4)
def float32(task, rng):
    return {"the table": task.fold(stack(rng, (4, 3, 2), "float32"))}

"""Checks of exercise 11.1. No two axes have the same size, so that a swap cannot hide."""

import numpy as np

from tinyffn.lab.checks import check

N_HEADS, D_MODEL, D_HEAD = 3, 7, 4
NAMES = ("W_up", "B_up", "W_down", "B_down")


def inputs(rng, sizes=(N_HEADS, D_MODEL, D_HEAD), dtype="float64"):
    """The heads' arrays and strengths. Strengths of both signs, away from 0 and 1."""
    n_heads, d_model, d_head = sizes
    shapes = [(n_heads, d_model, d_head), (n_heads, d_head), (n_heads, d_head, d_model)]
    arrays = [rng.normal(size=shape) for shape in (*shapes, (n_heads, d_model))]
    signs = (-1.0) ** np.arange(n_heads)
    arrays.append(signs * rng.uniform(1.5, 3.0, n_heads))
    return [array.astype(dtype) for array in arrays]


def as_they_come(task, rng):
    """The four arrays, with the hidden units in the order of the heads."""
    return task.one_layer(*inputs(rng), np.arange(N_HEADS * D_HEAD))


@check("W_up and B_up, heads in order", points=3)
def up(task, rng):
    w_up, b_up, _, _ = as_they_come(task, rng)
    return {"W_up": w_up, "B_up": b_up}


@check("W_down and B_down, heads in order", points=3, after="W_up and B_up, heads in order")
def down(task, rng):
    _, _, w_down, b_down = as_they_come(task, rng)
    return {"W_down": w_down, "B_down": b_down}


@check("units in another order", points=3, after="W_down and B_down, heads in order")
def another_order(task, rng):
    order = rng.permutation(N_HEADS * D_HEAD)
    while np.array_equal(order, np.argsort(order)):
        order = rng.permutation(order)
    return dict(zip(NAMES, task.one_layer(*inputs(rng), order), strict=True))


@check("one head, and heads of one unit", points=1, after="units in another order")
def small(task, rng):
    values = {}
    for n_heads, d_head in [(1, 4), (5, 1)]:
        heads = inputs(rng, (n_heads, D_MODEL, d_head))
        arrays = task.one_layer(*heads, rng.permutation(n_heads * d_head))
        for name, array in zip(NAMES, arrays, strict=True):
            values[f"{name} ({n_heads} heads of {d_head})"] = array
    return values


@check("float32 in, float32 out", points=1, after="units in another order", tolerance=1e-4)
def float32(task, rng):
    heads = inputs(rng, dtype="float32")
    return dict(zip(NAMES, task.one_layer(*heads, rng.permutation(12)), strict=True))

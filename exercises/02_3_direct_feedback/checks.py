"""Checks of exercise 2.3. All widths differ, so that matrices in the wrong order do not fit."""

from itertools import pairwise

from tinyffn.lab.checks import check

TWO, FOUR = (6, 4, 3), (6, 5, 4, 2, 3)


def draw(rng, widths, dtype="float64"):
    """x, weights, feedback and dy for a network of these widths."""
    shapes = (5, widths[0]), (5, widths[-1])
    x, dy = (rng.normal(size=shape).astype(dtype) for shape in shapes)
    weights = [rng.normal(size=shape).astype(dtype) for shape in pairwise(widths)]
    inner = [(widths[-1], width) for width in widths[1:-1]]
    return x, weights, [rng.normal(size=shape).astype(dtype) for shape in inner], dy


def gradients(task, rng, widths, dtype="float64"):
    """{"dw_1": ..., ...}"""
    x, weights, feedback, dy = draw(rng, widths, dtype)
    _, backward = task.fa_backward(x, weights, feedback)
    found = backward(dy)
    return {f"dw_{k}": dw for k, dw in zip(range(1, len(widths)), found, strict=True)}


@check("y of two layers", points=1)
def forward(task, rng):
    x, weights, feedback, _ = draw(rng, TWO)
    y, _ = task.fa_backward(x, weights, feedback)
    return {"y": y}


@check("y of four layers", points=1, after="y of two layers")
def forward_deep(task, rng):
    x, weights, feedback, _ = draw(rng, FOUR)
    y, _ = task.fa_backward(x, weights, feedback)
    return {"y": y}


@check("the last layer of two", points=2, after="y of two layers")
def last(task, rng):
    return {"dw_2": gradients(task, rng, TWO)["dw_2"]}


@check("the first layer of two", points=3, after="y of two layers")
def first(task, rng):
    return {"dw_1": gradients(task, rng, TWO)["dw_1"]}


BOTH = ("the last layer of two", "the first layer of two")


@check("four layers", points=3, after=(*BOTH, "y of four layers"))
def deep(task, rng):
    return gradients(task, rng, FOUR)


@check("a single layer", points=1, after=BOTH)
def single(task, rng):
    return gradients(task, rng, (6, 3))


@check("each backward belongs to its call", points=1, after=BOTH)
def two_calls(task, rng):
    x, weights, feedback, dy = draw(rng, TWO)
    _, backward = task.fa_backward(x, weights, feedback)
    other_x, other_weights, other_feedback, other_dy = draw(rng, TWO)
    _, other = task.fa_backward(other_x, other_weights, other_feedback)
    other(other_dy)
    dw_1, dw_2 = backward(dy)
    return {"dw_1": dw_1, "dw_2": dw_2}

"""Checks of exercise 3.1. The network runs here, so that only its function counts."""

import numpy as np

from tinyffn.lab.checks import check, require

NAMES = ("w_up", "b_up", "w_down", "b_down")
ZERO_ONE = np.array([0.0, 1.0])


def output(weights, x):
    """What the network makes of x (..., n): y (...)."""
    n = x.shape[-1]
    has = len(weights) if isinstance(weights, list | tuple) else "no tuple of"
    require(has == 4, f"parity must return four arrays, w_up, b_up, w_down, b_down: got {has}")
    for name, array, shape in zip(NAMES, weights, [(n, n), (n,), (n, 1), (1,)], strict=True):
        require(
            np.shape(array) == shape,
            f"{name} for {n} inputs has shape {np.shape(array)}, expected {shape}",
        )
    w_up, b_up, w_down, b_down = weights
    return (np.maximum(x @ w_up + b_up, 0) @ w_down + b_down)[..., 0]


def on_square(weights, ends):
    """What the network makes of a square: at two points that can be named, then on a grid."""
    low, high = ends
    values = {}
    for x in [(low, low), (high, 0.6 * low + 0.4 * high)]:
        values[f"y at x = ({x[0]:.2f}, {x[1]:.2f})"] = output(weights, np.array([x]))[0]
    along = np.linspace(*ends, 21)
    grid = np.stack(np.meshgrid(along, along, indexing="ij"), axis=-1)
    return values | {"y on a grid of 21 by 21 points": output(weights, grid)}


def some_ends(rng):
    """Two ends on both sides of 0, at a distance that is neither 1 nor 2."""
    return np.array([rng.uniform(-0.8, -0.3), rng.uniform(2.0, 3.0)])


@check("XOR at its four corners", points=2)
def corners(task, rng):
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return {"y at (0, 0), (0, 1), (1, 0), (1, 1)": output(task.parity(ZERO_ONE, 2), x)}


@check("XOR on the whole square", points=2, after="XOR at its four corners")
def whole(task, rng):
    return on_square(task.parity(ZERO_ONE, 2), ZERO_ONE)


@check("XOR between other ends", points=2, after="XOR on the whole square")
def other_ends(task, rng):
    ends = some_ends(rng)
    return on_square(task.parity(ends, 2), ends)


@check("three inputs", points=3, after="XOR on the whole square")
def three(task, rng):
    values = {"y with all inputs on": output(task.parity(ZERO_ONE, 3), np.ones((1, 3)))}
    x = rng.uniform(0, 1, size=(50, 3))
    return {**values, "y at 50 random points": output(task.parity(ZERO_ONE, 3), x)}


@check("any ends, any number of inputs", points=2, after=("XOR between other ends", "three inputs"))
def any_number(task, rng):
    values = {}
    for n in (3, 5, 1):
        ends = some_ends(rng)
        x = np.concatenate([np.full((1, n), ends[1]), rng.uniform(*ends, size=(50, n))])
        values[f"y for {n} inputs"] = output(task.parity(ends, n), x)
    return values

"""Checks of exercise 4.1. The network is run here; only its output is judged, and its size."""

import numpy as np

from tinyffn.lab.checks import check, require


def draw(rng, n):
    """n knots at unequal distances, away from 0, and values that all differ."""
    widths = rng.permutation(np.linspace(0.3, 1.1, n - 1))
    knots = 1.5 + np.concatenate([[0.0], np.cumsum(widths)])
    return knots, rng.permutation(np.linspace(-2, 3, n)) + rng.uniform(0.1, 0.2, n)


def output(network, x):
    w_up, b_up, w_down, b_down = network
    k, has = np.size(b_up), [np.shape(part) for part in network]
    fits = has == [(1, k), (k,), (k, 1), (1,)]
    require(fits, f"the four arrays have shapes {has}, expected (1, n), (n,), (n, 1), (1,)")
    return (np.maximum(x[:, None] @ w_up + b_up, 0) @ w_down + b_down)[:, 0]


def between(knots):
    """Three places on each piece."""
    shares = np.array([0.25, 0.5, 0.75])
    return (knots[:-1, None] + shares * np.diff(knots)[:, None]).ravel()


@check("y at the knots", points=2)
def at_knots(task, rng):
    knots, values = draw(rng, 5)
    return {"y at the knots": output(task.through_knots(knots, values), knots)}


@check("y between the knots", points=2, after="y at the knots")
def inside(task, rng):
    found = {}
    for n in (4, 9):
        knots, values = draw(rng, n)
        y = output(task.through_knots(knots, values), between(knots))
        found[f"y between {n} knots"] = y
    return found


@check("flat outside", points=2, after="y between the knots")
def outside(task, rng):
    knots, values = draw(rng, 5)
    network = task.through_knots(knots, values)
    return {
        "y left of all knots": output(network, knots[0] - np.array([0.5, 2.0, 30.0])),
        "y right of all knots": output(network, knots[-1] + np.array([0.5, 2.0, 30.0])),
    }


@check("one ReLU for each knot", points=1, after="flat outside")
def size(task, rng):
    knots, values = draw(rng, 6)
    network = task.through_knots(knots, values)
    has = [np.shape(part) for part in network]
    expected = [(1, 6), (6,), (6, 1), (1,)]
    require(has == expected, f"the four arrays for 6 knots have shapes {has}, expected {expected}")
    return {"y": output(network, between(knots))}


@check("two knots", points=1, after="flat outside")
def two(task, rng):
    knots, values = draw(rng, 2)
    x = np.array([knots[0] - 2, *between(knots), knots[1] + 2])
    return {"y": output(task.through_knots(knots, values), x)}


@check("the bound", points=2)
def bound(task, rng):
    """In turn the widest piece, the most curved one, and one that is neither is the worst."""
    scale = rng.uniform(1, 2)
    knots = np.array([0.0, 1.0, 3.0, 3.5]) * scale - 1
    cases = {
        "in a case that the widest piece decides": [0.5, 2.0, 4.0],
        "in a case that the most curved piece decides": [1.0, 0.1, 40.0],
        "in a case that a piece in the middle decides": [4.1, 1.0, 5.0],
    }
    return {f"bound {name}": task.error_bound(knots, np.array(c)) for name, c in cases.items()}

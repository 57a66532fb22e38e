"""Checks of exercise 4.2. The network is run here; only its output is judged, and its size."""

from itertools import pairwise
from math import prod

import numpy as np

from tinyffn.lab.checks import check, require


def output(layers, x):
    has = [(np.shape(w), np.shape(b)) for w, b in layers]
    widths = [1, *(np.size(b) for _, b in layers)]
    fits = has == [((d_in, d_out), (d_out,)) for d_in, d_out in pairwise(widths)]
    require(fits and widths[-1] == 1, f"w and b of the layers have shapes {has}: they do not fit")
    x = x[:, None]
    for i, (w, b) in enumerate(layers):
        x = (np.maximum(x, 0) if i else x) @ w + b
    return x[:, 0]


def zigzag(task, rng, pieces):
    """y at every end of a piece, and at one place on each of them."""
    n = prod(pieces)
    ends = np.linspace(-1, 1, n + 1)
    inside = ends[:-1] + rng.uniform(0.1, 0.9, size=n) * 2 / n
    return output(task.zigzag(list(pieces)), np.sort(np.concatenate([ends, inside])))


@check("one hidden layer", points=2)
def one(task, rng):
    return {f"y for [{m}]": zigzag(task, rng, [m]) for m in (2, 3, 6)}


@check("two hidden layers", points=3, after="one hidden layer")
def two(task, rng):
    return {f"y for {p}": zigzag(task, rng, p) for p in ([3, 2], [2, 5])}


@check("more hidden layers", points=2, after="two hidden layers")
def more(task, rng):
    return {f"y for {p}": zigzag(task, rng, p) for p in ([2, 3, 4], [2] * 7)}


@check("no more ReLUs than pieces", points=2, after="two hidden layers")
def sizes(task, rng):
    """[3, 2] and [2, 3] give the same zigzag of six pieces, so the order shows in sizes alone."""
    values = {}
    for pieces in ([3, 2], [2, 3, 5]):
        layers = task.zigzag(pieces)
        has = [np.shape(w) for w, _ in layers]
        expected = list(pairwise([1, *pieces, 1]))
        require(has == expected, f"the w for {pieces} have shapes {has}, expected {expected}")
        values[f"y for {pieces}"] = output(layers, rng.uniform(-1, 1, size=20))
    return values


@check("layers of one piece", points=1, after="two hidden layers")
def single(task, rng):
    """One piece leaves x as it is."""
    return {f"y for {p}": zigzag(task, rng, p) for p in ([1], [3, 1, 2])}

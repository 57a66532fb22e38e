"""Checks of exercise 17.3. Half of the gradients drive their weight towards 0, half away."""

import numpy as np

from tinyffn.lab.checks import check

SHAPE = (4, 6)
PULL = np.tile([1, -1], 12)  # whether a gradient has the sign of its weight


def state(rng):
    """w, g, and m and v before the step. m has the sign of g where it is large."""
    w = rng.choice([-1, 1], size=SHAPE) * rng.uniform(0.1, 1, size=SHAPE)
    g = rng.permuted(PULL).reshape(SHAPE) * np.sign(w) * rng.uniform(0.2, 2, size=SHAPE)
    m = np.sign(g) * rng.uniform(0.2, 1, size=SHAPE)
    return w, g, m, rng.uniform(0.2, 1, size=SHAPE)


@check("limits in the first step", points=2)
def first(task, rng):
    w, g, _, _ = state(rng)
    none = np.zeros(SHAPE)
    return {"limits": task.flip_limits(w, g, none, none, 1)}


@check("limits in a later step", points=3, after=first.name)
def later(task, rng):
    """Among them weights that the gradient drives one way, and the running mean the other."""
    w, g, m, v = state(rng)
    m[:, :2] *= -3
    values = {"limits (step 2)": task.flip_limits(w, g, m, v, 2)}
    settings = {"betas": (0.8, 0.95), "eps": 0.5}
    return values | {"limits (step 50, eps 0.5)": task.flip_limits(w, g, m, v, 50, **settings)}


@check("limits with weight decay", points=2, after=later.name)
def decay(task, rng):
    return {"limits": task.flip_limits(*state(rng), 3, weight_decay=0.4)}


@check("weights of 0", points=2, after=later.name)
def zero(task, rng):
    w, g, m, v = state(rng)
    w[0], w[1] = 0.0, -0.0
    g[:2], m[:2] = (np.abs(a[:2]) * np.tile([1, -1, -1], 4).reshape(2, 6) for a in (g, m))
    return {"limits": task.flip_limits(w, g, m, v, 3)}


@check("shares", points=3)
def shares(task, rng):
    limits = np.where(rng.permuted(PULL).reshape(SHAPE) > 0, rng.uniform(0.2, 1, SHAPE), np.inf)
    limits[0, 0] = 0.0
    rates = np.array([0.75, 0.3, 1.5, 0.5])  # not in order
    return {"shares": task.flipped_shares(limits, rates)}

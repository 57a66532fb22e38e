"""Checks of exercise 7.1. Steps and decays are large, so that every mistake shows."""

import numpy as np

from tinyffn.lab.checks import check

SHAPE = (3, 4)
BETAS = (0.8, 0.9)


def draw(rng, dtype="float64"):
    """A parameter and a gradient whose entries are not near 0."""
    p = rng.normal(size=SHAPE)
    dp = rng.choice([-1, 1], size=SHAPE) * rng.uniform(0.5, 2, size=SHAPE)
    return p.astype(dtype), dp.astype(dtype)


def walk(task, rng, steps, dtype="float64", **settings):
    """The parameter and the means after several steps from the start."""
    p, _ = draw(rng, dtype)
    means = np.zeros((2, *SHAPE), dtype)
    for t in range(1, steps + 1):
        _, dp = draw(rng, dtype)
        p, means = task.adamw_step(p, dp, means, t, 0.1, BETAS, **settings)
    return p, means


@check("p after the first step", points=1)
def first(task, rng):
    p, dp = draw(rng)
    new_p, _ = task.adamw_step(p, dp, np.zeros((2, *SHAPE)), 1, 0.1, BETAS)
    return {"p": new_p}


@check("the means move on", points=3, after="p after the first step")
def means_move_on(task, rng):
    p, dp = draw(rng)
    before = np.stack([rng.normal(size=SHAPE), rng.uniform(1, 4, size=SHAPE)])
    values = {}
    for t in (2, 5, 400):
        _, means = task.adamw_step(p, dp, before, t, 0.1, BETAS)
        values[f"means after step {t}"] = means
    return values


@check("p after five steps", points=2, after="the means move on")
def five(task, rng):
    p, _ = walk(task, rng, 5)
    return {"p": p}


@check("weights shrink by themselves", points=2, after="p after five steps")
def shrinks(task, rng):
    p, means = walk(task, rng, 5, weight_decay=0.5)
    return {"p": p, "means": means}


@check("gradients as small as eps", points=1, after="p after five steps")
def small(task, rng):
    p, dp = draw(rng)
    before = np.stack([1e-3 * rng.normal(size=SHAPE), 1e-6 * rng.uniform(1, 4, size=SHAPE)])
    new_p, _ = task.adamw_step(p, 1e-3 * dp, before, 3, 0.1, BETAS, eps=1e-2)
    return {"p": new_p}


@check("what was there before the first step", points=1, after="p after five steps")
def before_the_first(task, rng):
    p, dp = draw(rng)
    infinite = np.full((2, *SHAPE), np.inf)
    new_p, means = task.adamw_step(p, dp, infinite, 1, 0.1, BETAS)
    return {"p": new_p, "means": means}


@check("float32 in, float32 out", points=1, after="p after five steps", tolerance=1e-4)
def float32(task, rng):
    p, dp = draw(rng, "float32")
    before = np.abs(draw(rng, "float32")[0])[None].repeat(2, axis=0)
    rate, betas = np.float64(0.1), (np.float64(0.8), np.float64(0.9))  # as a schedule may give it
    new_p, means = task.adamw_step(p, dp, before, 3, rate, betas)
    return {"p": new_p, "means": means}

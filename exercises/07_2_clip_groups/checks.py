"""Checks of exercise 7.2. Gradients of several shapes, so that each counts in its own way."""

import numpy as np

from tinyffn.lab.checks import check

SHAPES = [(3, 4), (5,), (2, 3), (7,)]


def draw(rng, dtype="float64"):
    """Four gradients, each of another length."""
    sizes = (1.0, 3.0, 0.5, 2.0)
    pairs = zip(SHAPES, sizes, strict=True)
    return [(size * rng.normal(size=shape)).astype(dtype) for shape, size in pairs]


def named(clipped, scales):
    """What came back, each under its own name."""
    values = {f"gradient {i}": g for i, g in enumerate(clipped)}
    return {**values, "scales": np.asarray(scales, dtype=float)}


@check("one group that is too long", points=2)
def one(task, rng):
    return named(*task.clip_groups(draw(rng), [0, 0, 0, 0], [0.3]))


@check("a group that is short enough", points=1, after="one group that is too long")
def short(task, rng):
    return named(*task.clip_groups(draw(rng), [0, 0, 0, 0], [1000.0]))


@check("two groups, each with its own limit", points=2, after="a group that is short enough")
def two(task, rng):
    return named(*task.clip_groups(draw(rng), [0, 1, 1, 0], [0.5, 2.0]))


GROUPS = "two groups, each with its own limit"


@check("squares that do not fit into a float", points=1, after=GROUPS)
def large(task, rng):
    gradients = [1e200 * g for g in draw(rng)[:2]] + draw(rng)[2:]
    return named(*task.clip_groups(gradients, [0, 0, 1, 1], [2.0, 0.5]))


@check("an entry that is infinite or no number", points=2, after=GROUPS)
def not_finite(task, rng):
    values = {}
    for bad in (np.inf, np.nan):
        gradients = draw(rng)
        gradients[1][2] = bad
        clipped, scales = task.clip_groups(gradients, [0, 1, 1, 0], [0.5, 2.0])
        for name, value in named(clipped, scales).items():
            values[f"{name} ({bad} in gradient 1)"] = value
    return values


@check("nothing but zeros, and a group without gradients", points=1, after=GROUPS)
def zeros(task, rng):
    gradients = draw(rng)
    gradients[1][...] = 0
    return named(*task.clip_groups(gradients, [0, 1, 3, 3], [0.5, 2.0, 1.0, 0.5]))


@check("float32 in, float32 out", points=1, after=GROUPS, tolerance=1e-4)
def float32(task, rng):
    return named(*task.clip_groups(draw(rng, "float32"), [0, 1, 1, 0], [0.5, 2.0]))

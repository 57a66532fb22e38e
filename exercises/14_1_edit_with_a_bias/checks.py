"""Checks of exercise 14.1. No two sizes are equal, so that a swap cannot hide."""

import numpy as np

from tinyffn.lab.checks import check

D_MODEL, D_FF, N = 3, 5, 40


def layer(rng):
    """w, b, a key, and a value far from what the layer says there."""
    w, b, key = rng.normal(size=(D_MODEL, D_FF)), rng.normal(size=D_MODEL), rng.normal(size=D_FF)
    return w, b, key, w @ key + b + rng.choice([-1.0, 1.0], D_MODEL) * rng.uniform(1, 2, D_MODEL)


def averages(rng, *, is_centred):
    """c and mean of some coefficients that go together."""
    m = rng.normal(size=(N, D_FF)) @ rng.normal(size=(D_FF, D_FF))
    m += 0.5 * rng.normal(size=(N, D_FF))
    m -= m.mean(axis=0)
    if not is_centred:
        m += rng.choice([-1.0, 1.0], D_FF) * rng.uniform(1, 2, D_FF)
    return m.T @ m / N, 0.0 * m[0] if is_centred else m.mean(axis=0)


def both(task, arguments):
    w, b = task.edit_fact(*arguments)
    return {"w": w, "b": b}


@check("c = 1, mean 0", points=3)
def plain(task, rng):
    return both(task, [*layer(rng), np.eye(D_FF), np.zeros(D_FF)])


@check("coefficients that go together", points=2, after=plain.name)
def together(task, rng):
    return both(task, [*layer(rng), *averages(rng, is_centred=True)])


@check("a mean that is not 0", points=3, after=together.name)
def with_mean(task, rng):
    return both(task, [*layer(rng), *averages(rng, is_centred=False)])


@check("tiny coefficients: value, rank and what else moves", points=2, after=with_mean.name)
def properties(task, rng):
    """The same layer, its coefficients in another unit: all outputs stay what they were."""
    unit = 1e-4
    w, b, key, value = layer(rng)
    c, mean = averages(rng, is_centred=False)
    arguments = [w / unit, b, key * unit, value, c * unit**2, mean * unit]
    new_w, new_b = task.edit_fact(*arguments)
    dw, db = (np.asarray(new_w) - arguments[0]) * unit, np.asarray(new_b) - b
    return {
        "the output at the key": (w + dw) @ key + b + db,
        "the rank of the change of w": np.linalg.matrix_rank(dw, tol=1e-6),
        "the mean square of what moves": np.sum((dw @ c + 2 * np.outer(db, mean)) * dw) + db @ db,
    }


@check("float32 in, float32 out", points=1, after=with_mean.name, tolerance=1e-4)
def float32(task, rng):
    arguments = [*layer(rng), np.eye(D_FF) * 2, np.full(D_FF, 0.25)]
    return both(task, [np.asarray(a, dtype="float32") for a in arguments])

"""Checks of exercise 14.3. More entries in a key than facts, so that a swap cannot hide."""

import numpy as np

from tinyffn.lab.checks import check

N, D_FF = 5, 7


def left(task, rng, *, n=N, has_c=True, has_steps=True, dtype="float64"):
    """M for keys that overlap, and old keys whose coefficients go together."""
    keys = rng.normal(size=D_FF) + rng.normal(size=(n, D_FF))
    old = rng.normal(size=(40, D_FF)) * np.linspace(0.5, 2.0, D_FF) + rng.normal(size=D_FF)
    c = old.T @ old / len(old) if has_c else np.eye(D_FF)
    step = rng.uniform(0.3, 0.8, n) if has_steps else np.ones(n)
    return {"M": task.left_over(*(array.astype(dtype) for array in (keys, c, step)))}


@check("two facts, c = 1, whole steps", points=3)
def two(task, rng):
    return left(task, rng, n=2, has_c=False, has_steps=False)


@check("five facts", points=2, after=two.name)
def five(task, rng):
    return left(task, rng, has_c=False, has_steps=False)


@check("old keys that go together", points=2, after=five.name)
def with_c(task, rng):
    return left(task, rng, has_steps=False)


@check("steps that go a part of the way", points=2, after=with_c.name)
def with_steps(task, rng):
    return left(task, rng)


@check("float32 in, float32 out", points=1, after=with_steps.name, tolerance=1e-4)
def float32(task, rng):
    return left(task, rng, dtype="float32")

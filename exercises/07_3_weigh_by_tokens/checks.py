"""Checks of exercise 7.3. Counts differ widely, so that a plain mean is far off."""

import numpy as np

from tinyffn.lab.checks import check

SHAPE = (3, 4)


def part(rng, low, high, dtype="float64"):
    """The mean gradient of a part, and its number of tokens."""
    return rng.normal(size=SHAPE).astype(dtype), int(rng.integers(low, high))


@check("two parts", points=2)
def two(task, rng):
    a, b = part(rng, 60, 90), part(rng, 10, 20)
    mean, _ = task.merge(*a, *b)
    return {"mean": mean}


@check("32 parts, one after the other", points=2, after="two parts")
def many(task, rng):
    parts = [part(rng, 1, 100) for _ in range(32)]
    mean, n = parts[0]
    for other in parts[1:]:
        mean, n = task.merge(mean, n, *other)
    return {"mean of all": mean, "n": n}


@check("a part without tokens", points=2, after="32 parts, one after the other")
def empty(task, rng):
    nothing = np.full(SHAPE, np.nan), 0
    a, b = part(rng, 60, 90), part(rng, 10, 20)
    values = {}
    for name, pair in {"b empty": (a, nothing), "a empty": (nothing, b)}.items():
        mean, n = task.merge(*pair[0], *pair[1])
        values |= {f"mean ({name})": mean, f"n ({name})": n}
    mean, n = task.merge(*nothing, *nothing)
    mean, n = task.merge(mean, n, *a)
    mean, n = task.merge(mean, n, *b)
    return values | {"mean (two empty ones first)": mean, "n (two empty ones first)": n}


@check("float32 in, float32 out", points=1, after="32 parts, one after the other", tolerance=1e-4)
def float32(task, rng):
    (a, n_a), (b, n_b) = part(rng, 60, 90, "float32"), part(rng, 10, 20, "float32")
    mean, _ = task.merge(a, n_a, b, n_b)
    return {"mean": mean}


@check("factors", points=2)
def factors(task, rng):
    values = {}
    for k in (2, 5, 32):
        counts = rng.integers(1, 100, size=k)
        values[f"factors of {k} parts"] = np.asarray(task.loss_factors(counts), dtype=float)
    return values


@check("factors where parts are empty", points=1, after="factors")
def factors_empty(task, rng):
    counts = rng.integers(1, 100, size=6)
    counts[[1, 4]] = 0
    return {"factors": np.asarray(task.loss_factors(counts), dtype=float)}

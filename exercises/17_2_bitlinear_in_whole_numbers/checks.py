"""Checks of exercise 17.2. No two axes have the same size, and no group is as large as another."""

import numpy as np

from tinyffn.lab.checks import check

D_OUT = 3


def tokens(rng, leading=(4,), d_in=7):
    """Tokens that lie at different places and are differently wide; none is around 0."""
    middle = rng.uniform(2, 4, size=(*leading, 1)) * rng.choice([-1, 1], size=(*leading, 1))
    return middle + rng.uniform(0.5, 3, size=(*leading, 1)) * rng.normal(size=(*leading, d_in))


def quantized(task, x):
    return dict(zip(("u", "step", "low"), task.whole_tokens(x), strict=True))


def product(task, rng, group, leading=(4,), d_in=7, dtype="float64", codes=None, zeros=()):
    """sums and y, for drawn inputs and codes; columns have more of one sign than of the other.

    In the rows `zeros` all codes are 0.
    """
    u = rng.integers(0, 256, size=(*leading, d_in)).astype("uint8")
    step = rng.uniform(0.01, 0.03, size=(*leading, 1)).astype(dtype)
    low = (rng.uniform(1, 3, size=(*leading, 1)) * rng.choice([-1, 1])).astype(dtype)
    if codes is None:
        codes = np.where(rng.random((d_in, D_OUT)) < [0.85, 0.2, 0.75], 1, -1)
        codes[:2] = [1, -1, 1]  # no sum of codes is 0
    codes[list(zeros)] = 0
    scale = rng.uniform(0.3, 2, size=(-(-d_in // group), D_OUT)).astype(dtype)
    found = task.bit_linear(u, step, low, codes.astype("int8"), scale, group)
    return dict(zip(("sums", "y"), found, strict=True))


@check("tokens in 256 levels", points=3)
def levels(task, rng):
    return quantized(task, tokens(rng))


@check("tokens of equal numbers", points=1, after=levels.name)
def equal(task, rng):
    x = tokens(rng)
    x[[0, 2]] = [[1.7], [-0.4]]
    return quantized(task, x)


@check("sums and y, one group", points=3)
def one_group(task, rng):
    return product(task, rng, group=7)


@check("sums and y, three groups, the last one shorter", points=4, after=one_group.name)
def groups(task, rng):
    return product(task, rng, group=3, zeros=(3, 5))


@check("long rows", points=2, after=groups.name)
def long(task, rng):
    """Sums that 16 bits cannot hold. y is brought down to the size of 1."""
    codes = np.where(rng.random((500, D_OUT)) < 0.02, -1, 1)
    found = product(task, rng, group=400, d_in=500, codes=codes)
    return {"sums": found["sums"], "y / 1000": found["y"] / 1000}


@check("any leading axes, and float32", points=2, after=(levels.name, groups.name), tolerance=1e-4)
def leading(task, rng):
    given = quantized(task, tokens(rng, (2, 4)).astype("float32"))
    return given | product(task, rng, group=3, leading=(2, 4), dtype="float32")

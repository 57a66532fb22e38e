"""Checks of exercise 18.3. No two axes have the same size; no number to be counted is 0."""

import numpy as np

from tinyffn.lab.checks import check


def bits(rng, n, d_in, share):
    """Packed rows with about so many ones, no row without one."""
    drawn = rng.random((n, d_in)) < share
    drawn[:, ::5] = True
    return np.packbits(drawn, axis=1, bitorder="little")


def numbers(rng, shape):
    """Steps and lows: none is small, and lows have both signs."""
    step = rng.uniform(0.5, 1.5, shape)
    return step, rng.uniform(0.4, 1.2, shape) * rng.choice([-1, 1], shape)


def product(task, rng, n, d_out, d_in, group, *, dtype="float64", share=0.5):
    x_bits, w_bits = bits(rng, n, d_in, share), bits(rng, d_out, d_in, share)
    given = *numbers(rng, (n, 1)), *numbers(rng, (d_out, -(-d_in // group)))
    x_step, x_low, w_step, w_low = (np.round(a * 32).astype(dtype) / 32 for a in given)
    found = task.two_values_product(x_bits, x_step, x_low, w_bits, w_step, w_low, d_in, group)
    return dict(zip(("both", "y"), found, strict=True))


@check("one token, one output, one group", points=3)
def one(task, rng):
    return product(task, rng, 1, 1, 32, 32)


@check("several tokens and outputs", points=2, after=one.name)
def several(task, rng):
    return product(task, rng, 4, 3, 48, 48)


@check("rows that end inside a byte", points=1, after=several.name)
def inside(task, rng):
    """Here it matters which bit of a byte is the first, and how many rows there are."""
    return product(task, rng, 3, 2, 29, 40)


@check("several groups", points=3, after=several.name)
def groups(task, rng):
    return product(task, rng, 4, 2, 72, 24)


@check("a last group that is shorter", points=2, after=groups.name)
def shorter(task, rng):
    return product(task, rng, 4, 3, 53, 24)


@check("long rows", points=2, after=several.name)
def long(task, rng):
    """Counts that a byte cannot hold."""
    return product(task, rng, 2, 3, 1200, 1200, share=0.9)


@check("float32", points=1, after=groups.name, tolerance=1e-5)
def float32(task, rng):
    return product(task, rng, 4, 3, 48, 16, dtype="float32")

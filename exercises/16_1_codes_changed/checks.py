"""Checks of exercise 16.1. Several bits are asked for at once: a count alone is easily guessed."""

import numpy as np

from tinyffn.lab.checks import check

D_OUT, D_IN = 40, 12


def inputs(rng):
    """A weight whose rows and columns differ in size, and factors from a third to three."""
    w = rng.normal(size=(D_OUT, D_IN)) * np.exp(0.5 * rng.normal(size=(D_OUT, 1)))
    return w * np.exp(0.5 * rng.normal(size=D_IN)), np.exp(rng.uniform(-1, 1, D_IN))


def counts(task, w, s, group, all_bits):
    return {
        f"counts at {bits} bit{'s' * (bits > 1)}": task.codes_changed(w, s, bits, group)
        for bits in all_bits
    }


@check("two bits, one group for each row", points=3)
def two_bits(task, rng):
    return counts(task, *inputs(rng), D_IN, (2,))


@check("more bits", points=2, after=two_bits.name)
def more_bits(task, rng):
    return counts(task, *inputs(rng), D_IN, (3, 5, 8))


@check("several groups in a row", points=3, after=more_bits.name)
def groups(task, rng):
    w, s = inputs(rng)
    s[:4] = 2.0 ** rng.integers(1, 4)  # one factor for a whole group, and exact in its quotients
    return counts(task, w, s, 4, (2, 4, 8))


@check("one bit, beside three", points=2, after=groups.name)
def one_bit(task, rng):
    w, s = inputs(rng)
    w[rng.random(w.shape) < 0.1] = 0.0
    turned = s**3 * np.where(np.arange(D_IN) % 3 == 1, -1, 1)  # 0 for all would be known without w
    return {
        "counts at 1 bit, all s above 0": task.codes_changed(w, s**3, 1, 6),
        "counts at 1 bit, some s below 0": task.codes_changed(w, turned, 1, 6),
        "counts at 3 bits": task.codes_changed(w, turned, 3, 6),
    }


@check("groups of zeros", points=1, after=groups.name)
def zeros(task, rng):
    w, s = inputs(rng)
    w[:5, 3:6] = 0.0
    return counts(task, w, s, 3, (2, 3))

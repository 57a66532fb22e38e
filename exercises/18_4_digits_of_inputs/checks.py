"""Checks of exercise 18.4. No two axes have the same size. Counts are asked for first."""

import numpy as np

from tinyffn.lab.checks import check


def layer(rng, n, d_out, d_in, group):
    """Inputs of which more than half have most bits set, and bits behind the last weight set too.

    An input of 0 has no ones, one of -1 only ones: in each group some inputs are large.
    """
    x = rng.integers(-128, 128, size=(n, d_in)).astype(np.int8)
    x[:, ::3] = rng.integers(-128, -1, size=(n, len(range(0, d_in, 3))))
    bits = rng.random((d_out, -(-d_in // 8) * 8)) < rng.uniform(0.2, 0.4, (d_out, 1))
    bits[:, ::4] = True
    bits[:, d_in:] = True
    w_bits = np.packbits(bits, axis=1, bitorder="little")
    scale = rng.uniform(0.5, 2.0, size=(d_out, -(-d_in // group)))
    return x, w_bits, scale


def counts(task, rng, *sizes):
    *_, group = sizes
    x, w_bits, _ = layer(rng, *sizes)
    return dict(zip(("both", "ones"), task.plane_counts(x, w_bits, group), strict=True))


def products(task, rng, n, d_out, n_groups, *, rows=24, dtype="float64"):
    """From counts that are handed in: those of n_groups groups of `rows` inputs."""
    ones = rng.integers(rows // 2, rows, size=(n, 8, n_groups)).astype(np.int32)
    share = rng.uniform(0.0, 0.4, size=(n, 8, d_out, n_groups))
    both = (share * ones[:, :, np.newaxis]).astype(np.int32)
    scale = rng.integers(4, 16, size=(d_out, n_groups)).astype(dtype) / 8
    found = task.from_counts(both, ones, scale)
    return dict(zip(("sums", "y"), found, strict=True))


@check("counts, one group", points=3)
def one_group(task, rng):
    return counts(task, rng, 2, 3, 40, 40)


@check("counts, several groups", points=2, after=one_group.name)
def groups(task, rng):
    return counts(task, rng, 2, 3, 96, 24)


@check("counts, rows that end inside a byte", points=2, after=groups.name)
def inside_a_byte(task, rng):
    return counts(task, rng, 4, 3, 53, 16)


@check("counts, long rows", points=1, after=one_group.name)
def long(task, rng):
    """Counts that a byte cannot hold."""
    return counts(task, rng, 2, 3, 1600, 1600)


@check("sums and y, one token, one group", points=3)
def one_token(task, rng):
    return products(task, rng, 1, 1, 1)


@check("sums and y, several of all", points=2, after=one_token.name)
def several(task, rng):
    return products(task, rng, 4, 3, 2)


@check("sums and y, long rows and float32", points=2, after=several.name, tolerance=1e-5)
def large(task, rng):
    """Sums that 16 bits cannot hold."""
    return products(task, rng, 2, 3, 1, rows=5000, dtype="float32")

"""A weight of one bit for each entry times a vector of signs: XNOR and a count, against floats.

The peers have the same weight unpacked to float32, and BLAS.
"""

import numpy as np

TITLE = "11008 x 4096 weight in signs, a scale per output, times 4096 signs: one product"
UNIT, UNITS_PER_CALL = "product", 1
D_IN, D_OUT = 4096, 11008


def data():
    """The input; weights are drawn where they are used, so that memory counts them."""
    return np.where(np.random.default_rng(1).random(D_IN) < 0.5, -1, 1).astype(np.int8)


def weight(d_in=D_IN, d_out=D_OUT, group=D_IN, scale_dtype=np.float32, seed=0):
    """Signs by lot, packed, and scales: no float32 weight is ever there."""
    from tinyffn.bits.words import SignWords

    rng = np.random.default_rng(seed)
    words = rng.integers(0, 2**64, (d_in // group, group // 64, d_out), np.uint64)
    scale = d_in**-0.5 * rng.uniform(0.5, 1.5, (d_in // group, d_out))
    return SignWords(words, scale.astype(scale_dtype), group, d_in)


def as_floats(packed):
    """The same weight as float32 (d_out, d_in), unpacked column by column."""
    w = np.empty(packed.shape[::-1], np.float32)
    for j in range(0, len(w), 64):
        w[j : j + 64] = packed.columns(slice(j, j + 64)).quantized().values().T
    return w


def value(y):
    """One number that depends on every output."""
    return float(np.abs(np.asarray(y)).mean(dtype=np.float64))


def with_tinyffn(x):
    from tinyffn.bits.popcount import xnor_product

    packed = weight()
    return lambda: xnor_product(x, packed)


def with_numpy(x):
    w, x = as_floats(weight()), x.astype(np.float32)
    return lambda: w @ x


def with_pytorch(x):
    import torch

    w, x = torch.from_numpy(as_floats(weight())), torch.from_numpy(x.astype(np.float32))
    return lambda: w @ x

"""Bits of a byte are read from the highest: the first input has the lowest, bitorder="little"."""

import numpy as np


def two_values_product(x_bits, x_step, x_low, w_bits, w_step, w_low, d_in, group):
    starts = np.arange(0, d_in, group)

    def in_order(octets):
        return np.unpackbits(octets, axis=-1)[..., :d_in]

    def ones(bits):
        return np.add.reduceat(bits, starts, axis=-1, dtype=np.int32)

    x, w = in_order(x_bits), in_order(w_bits)
    both = ones(x[:, np.newaxis] & w)
    of_x, of_w = ones(x)[:, np.newaxis], ones(w)
    rows = np.minimum(group, d_in - group * np.arange(len(starts)))
    as_floats = [count.astype(w_step.dtype) for count in (both, of_x, of_w, rows)]
    step_t, low_t = x_step[..., np.newaxis], x_low[..., np.newaxis]
    of_steps = step_t * (w_step * as_floats[0] + w_low * as_floats[1])
    of_lows = low_t * (w_step * as_floats[2] + w_low * as_floats[3])
    return both, (of_steps + of_lows).sum(axis=-1)

"""The fourth term takes d_in rows in each group: a group has its own rows only."""

import numpy as np


def two_values_product(x_bits, x_step, x_low, w_bits, w_step, w_low, d_in, group):
    starts = np.arange(0, w_bits.shape[1], group // 8)

    def ones(octets):
        return np.add.reduceat(np.bitwise_count(octets), starts, axis=-1, dtype=np.int32)

    both = ones(x_bits[:, np.newaxis] & w_bits)
    of_x, of_w = ones(x_bits)[:, np.newaxis], ones(w_bits)
    rows = np.full(len(starts), d_in)
    as_floats = [count.astype(w_step.dtype) for count in (both, of_x, of_w, rows)]
    step_t, low_t = x_step[..., np.newaxis], x_low[..., np.newaxis]
    of_steps = step_t * (w_step * as_floats[0] + w_low * as_floats[1])
    of_lows = low_t * (w_step * as_floats[2] + w_low * as_floats[3])
    return both, (of_steps + of_lows).sum(axis=-1)

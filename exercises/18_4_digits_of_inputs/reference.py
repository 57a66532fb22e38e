"""The answer to exercise 18.4, and how to get there.

In two's complement x = Σ_p v_p (bit p of x), with v_p = 2^p for p = 0 to 6 and v_7 = -128. So

    Σ_i x_i w_i  =  Σ_p v_p Σ_i (bit p of x_i) w_i

The inner sum has a term for each one of the plane: +1 for those that meet a weight of +1, both of
them, and -1 for the others, ones - both. Together that is 2 both - ones.
"""

import numpy as np

WORTH = np.array([1, 2, 4, 8, 16, 32, 64, -128], np.int32)


def plane_counts(x, w_bits, group):
    places = np.arange(8, dtype=np.uint8)[:, np.newaxis]
    digits = x.view(np.uint8)[:, np.newaxis] >> places & 1
    planes = np.packbits(digits, axis=-1, bitorder="little")
    starts = np.arange(0, planes.shape[-1], group // 8)

    def in_groups(octets):
        return np.add.reduceat(np.bitwise_count(octets), starts, axis=-1, dtype=np.int32)

    return in_groups(planes[:, :, np.newaxis] & w_bits), in_groups(planes)


def from_counts(both, ones, scale):
    of_planes = 2 * both - ones[:, :, np.newaxis]
    sums = (WORTH[:, np.newaxis, np.newaxis] * of_planes).sum(axis=1, dtype=np.int32)
    return sums, (scale * sums.astype(scale.dtype)).sum(axis=-1)

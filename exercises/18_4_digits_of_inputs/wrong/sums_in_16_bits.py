"""Sums are made in 16 bits, which end at 32,767: a long row needs 32."""

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
    sums = (
        (WORTH[:, np.newaxis, np.newaxis] * of_planes).sum(axis=1).astype(np.int16).astype(np.int32)
    )
    return sums, (scale * sums.astype(scale.dtype)).sum(axis=-1)

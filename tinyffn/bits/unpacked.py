"""Floats times signs, for many rows at once: unpack a tile, multiply it as any matrix."""

import numpy as np

from tinyffn.bits.products import as_rows, pieces

BYTE_SIGNS = (2.0 * (np.arange(256)[:, np.newaxis] >> np.arange(8) & 1) - 1).astype(np.float32)
TILE_SIGNS = 2**17  # unpacked at a time, half a megabyte of float32: they stay in the cache


def unpacked_product(x, packed):
    """Numbers x times a weight in signs: y_j = Σ_g scale_gj Σ_i x_i sign_ij.

    Signs are unpacked to floats tile by tile, and BLAS multiplies each tile with all rows of x.
    The whole weight is never there, and the more rows there are, the less unpacking matters.

    Shapes     x floats (..., d_in) -> (..., d_out), of x's dtype
    Arguments  packed: SignWords
    Errors     TypeError if x is no floats; ValueError if it does not fit
    """
    kinds = [np.float32, np.float64]
    rows = as_rows("unpacked_product", x, packed, kinds, "float32 or float64")
    byte_signs = BYTE_SIGNS.astype(rows.dtype, copy=False)

    d_out = packed.shape[1]
    y = np.zeros((len(rows), d_out), rows.dtype)
    scale = np.broadcast_to(packed.scale, (packed.n_groups, d_out))
    n_words = min(8, packed.words.shape[1])
    for columns in pieces(d_out, TILE_SIGNS // (64 * n_words)):
        for g in range(packed.n_groups):
            inputs, words = rows[:, packed.rows_of(g)], packed.words[g, :, columns]
            sums = 0.0
            for some in pieces(len(words), n_words):
                octets = words[some].T.astype("<u8", order="C").view(np.uint8)
                signs = byte_signs.take(octets, axis=0).reshape(len(octets), -1)
                x_some = inputs[:, 64 * some.start : 64 * some.stop]
                sums = sums + x_some @ signs[:, : x_some.shape[1]].T
            y[:, columns] += scale[g, columns].astype(rows.dtype) * sums
    return y.reshape(*np.shape(x)[:-1], d_out)

"""What all products with signs in words have in common: they go through the words tile by tile.

A tile is some columns of some groups, few enough for the processor's cache. So the memory that a
product takes does not grow with the weight.
"""

import math

import numpy as np

COLUMNS = 2**14  # of a tile: an int32 sum for each takes 64 kB
TILE_WORDS = 2**16  # of a tile: half a megabyte, so that the next step finds it in the cache


def scaled_sums(sums_of, packed, leading, dtype, *, scaled=True):
    """The sums of all groups, tile by tile, scaled and added up: y_rj = Σ_g scale_gj sums_rgj.

    Arguments  sums_of: a function (r, groups, columns) -> sums (groups, columns) of row r of x
               times the signs of a tile, both slices; packed: SignWords; leading: the axes of x
               before the last; dtype: of y; scaled: False for the sums themselves
    Returns    y (*leading, d_out), or sums (*leading, n_groups, d_out)
    """
    n_groups, n_words, d_out = packed.words.shape
    n = math.prod(leading)
    y = np.zeros((n, d_out) if scaled else (n, n_groups, d_out), dtype)
    scale = np.broadcast_to(packed.scale, (n_groups, d_out))
    for columns in pieces(d_out, COLUMNS):
        n_columns = columns.stop - columns.start
        for groups in pieces(n_groups, TILE_WORDS // (n_words * n_columns)):
            of_tile = scale[groups, columns].astype(dtype)
            for r in range(n):
                sums = sums_of(r, groups, columns)
                if scaled:  # int32 times float32 would be float64
                    y[r, columns] += np.einsum("gj,gj->j", of_tile, sums.astype(dtype))
                else:
                    y[r, groups, columns] = sums
    return y.reshape(*leading, *y.shape[1:])


def pieces(n, size):
    """Slices of at most `size`, at least 1, that make up range(n)."""
    size = max(1, size)
    return [slice(start, min(start + size, n)) for start in range(0, n, size)]


def word_pieces(n_words, n_columns):
    """Slices of so many words of a column, to fill a tile with.

    No more than 512 words: uint16 can count their bits, 64 · 512.
    """
    return pieces(n_words, min(512, TILE_WORDS // n_columns))


def as_rows(owner, x, packed, kinds, wanted):
    """x (..., d_in) as (n, d_in).

    Arguments  kinds: the dtypes that it may have; wanted: what they are called
    Errors     TypeError of the owner if x has another type; ValueError if it does not fit
    """
    x = np.asarray(x)
    if x.dtype not in kinds:
        raise TypeError(f"{owner}: x is {x.dtype}, but must be {wanted}")
    if x.ndim < 1 or x.shape[-1] != packed.d_in:
        raise ValueError(
            f"{owner}: x {x.shape} does not fit a packed weight {packed.shape}: the last axis of x "
            f"must be d_in = {packed.d_in}"
        )
    return x.reshape(-1, packed.d_in)

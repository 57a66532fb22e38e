"""Whole numbers of 8 bits times signs: one count for each binary digit."""

import numpy as np

from tinyffn.bits.products import as_rows, scaled_sums, word_pieces
from tinyffn.bits.words import grouped_words


def plane_product(x, packed, *, scaled=True):
    """Whole numbers x times a weight in signs, a binary digit (a plane of bits) at a time.

        x_i = s_i m_i, a sign and a magnitude;  m_i = Σ_p 2^p m_pi, its binary digits

        y_j = Σ_g scale_gj (Σ_i m_i - 2 Σ_p 2^p popcount(m_p AND (s XOR w_j)))

    Where the signs of x_i and w_ij agree, m_i is added, and where they differ, subtracted. The sum
    of all magnitudes, minus twice those that should have been subtracted, is the same. Magnitudes
    up to 127 have seven digits; no more planes are made than the largest one has.

    Shapes     x int8 (..., d_in) -> float32 (..., d_out)
    Arguments  packed: SignWords; scaled: False for the sums of each group, int32
               (..., n_groups, d_out), which are exact
    Errors     TypeError if x is not int8; ValueError if it does not fit
    """
    rows = as_rows("plane_product", x, packed, [np.int8], "int8")
    sizes = np.abs(rows.astype(np.int16))  # -128 has no opposite in int8
    signs = grouped_words(rows >= 0, packed.group)
    n_planes = int(sizes.max(initial=0)).bit_length()
    planes = [grouped_words((sizes >> p & 1) == 1, packed.group) for p in range(n_planes)]

    totals = np.add.reduceat(sizes, range(0, packed.d_in, packed.group), axis=1, dtype=np.int32)

    def sums_of(r, groups, columns):
        of_groups = [plane[r, groups] for plane in planes]
        sums = weighed(packed.words[groups, :, columns], signs[r, groups], of_groups)
        sums *= -2
        sums += totals[r, groups, np.newaxis]
        return sums

    dtype = np.float32 if scaled else np.int32
    return scaled_sums(sums_of, packed, np.shape(x)[:-1], dtype, scaled=scaled)


def weighed(words, signs, planes):
    """Σ_p 2^p popcount(plane_p AND (signs XOR words)): the magnitudes where signs differ, added up.

    Shapes     words (groups, n_words, columns), signs (groups, n_words), each plane too, uint64
               -> int32 (groups, columns)
    """
    sums = np.zeros((len(words), words.shape[2]), np.int32)
    for some in word_pieces(*words.shape[1:]):
        differ = words[:, some] ^ signs[:, some, np.newaxis]
        of_some = np.zeros_like(sums)
        for plane in reversed(planes):  # the highest digit first: all before it are doubled
            of_some *= 2
            counts = np.bitwise_count(differ & plane[:, some, np.newaxis])
            of_some += counts.sum(axis=1, dtype=np.uint16)
        sums += of_some
    return sums

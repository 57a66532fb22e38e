"""Signs times signs, without a multiplication: XOR compares 64 at once, and a count adds them."""

import numpy as np

from tinyffn.bits.products import as_rows, scaled_sums, word_pieces
from tinyffn.bits.words import grouped_words


def xnor_product(x, packed, *, scaled=True):
    """Signs x times a weight in signs.

        y_j = Σ_g scale_gj (n_g - 2 Σ_k popcount(words_gkj XOR x_gk))

    A product of two signs is +1 where they agree and -1 where they differ. Of n_g products d
    differ, so that they add up to (n_g - d) - d. Bits beyond a group are zero on both sides: they
    never differ, and n_g does not count them.

    Shapes     x int8 (..., d_in), -1 or +1 -> float32 (..., d_out)
    Arguments  packed: SignWords; scaled: False for the sums of each group, int32
               (..., n_groups, d_out), which are exact
    Errors     TypeError if x is not int8; ValueError if it does not fit, or holds something else
    Source     Rastegari et al. 2016 (XNOR-Net, arXiv:1603.05279)
    """
    rows = as_rows("xnor_product", x, packed, [np.int8], "int8, -1 or +1")
    if not (np.abs(rows) == 1).all():
        raise ValueError("xnor_product: some entries of x are neither -1 nor +1: see bits.signs")
    x_words = grouped_words(rows > 0, packed.group)

    n_rows = packed.n_rows.astype(np.int32)

    def sums_of(r, groups, columns):
        sums = disagreements(packed.words[groups, :, columns], x_words[r, groups])
        sums *= -2
        sums += n_rows[groups]
        return sums

    dtype = np.float32 if scaled else np.int32
    return scaled_sums(sums_of, packed, np.shape(x)[:-1], dtype, scaled=scaled)


def disagreements(words, x):
    """In how many bits a row of x and each column of words differ, in each group.

    Shapes     words (groups, n_words, columns), x (groups, n_words), uint64
               -> int32 (groups, columns)
    """
    counts = np.zeros((len(words), words.shape[2]), np.int32)
    for some in word_pieces(*words.shape[1:]):
        differ = np.bitwise_count(words[:, some] ^ x[:, some, np.newaxis])
        counts += differ.sum(axis=1, dtype=np.uint16)
    return counts

"""Three levels, -1, 0 and +1: small weights become zero."""

import numpy as np

from tinyffn.arguments import must_be_at_least
from tinyffn.bits.quantized import (
    Quantized,
    group_means,
    group_sums,
    of_each_row,
    ratio_or_zero,
    rows_of_a_group,
)


def ternary(w, *, per="column", threshold=0.5, scale="absmean"):
    """Signs of the large weights, and zero for the others.

        mean_g = mean_{i in g} |w_ij|
        code_ij = sign of w_ij if |w_ij| > threshold mean_g, else 0

        scale_g = mean_g                               "absmean"
                = mean of |w_ij| where code_ij is not 0     "least squares"

    A threshold of 0.5 is w / mean_g rounded to the nearest of -1, 0 and 1, as in BitNet b1.58,
    which has one mean for the whole tensor (and adds a tiny number to it against division by zero).
    Ternary weight networks have 0.7 and the scale that is best for given codes, "least squares".
    A group of zeros has codes 0 and scale 0.

    Shapes     w (d_in, d_out) -> a Quantized
    Arguments  per: "tensor", "column", or how many rows of a column share a scale
    Errors     those of `schemes.binary`; ValueError if threshold is not a number, 0 or above, or
               scale is none of the two
    Source     Ma et al. 2024 (BitNet b1.58, arXiv:2402.17764); Li et al. 2016 (ternary weight
               networks, arXiv:1605.04711)
    """
    w = np.asarray(w)
    group = rows_of_a_group("ternary", w, per)
    must_be_at_least("ternary", 0, threshold=threshold)
    if scale not in ("absmean", "least squares"):
        raise ValueError(f'ternary: scale is {scale!r}, but must be "absmean" or "least squares"')
    sizes = np.abs(w)
    mean = group_means(sizes, group, per)
    kept = sizes > of_each_row(float(threshold) * mean, group, len(w))
    codes = np.where(kept, np.where(w > 0, 1, -1), 0).astype(np.int8)
    if scale == "least squares":
        mean = ratio_or_zero(
            group_sums(sizes * kept, group, per), group_sums(kept.astype(w.dtype), group, per)
        )
    return Quantized(codes, mean, group, levels=3)

"""Ways to choose codes and scales for a weight, each a function from w to a Quantized.

`per` says who shares a scale: "tensor", "column", or a whole number of rows of one column.
"""

import numpy as np

from tinyffn.bits.quantized import Quantized, group_sizes, group_sums, rows_of_a_group


def signs(w):
    """The sign of each number as int8, -1 or +1, and +1 for zero: np.sign has a third answer."""
    return np.where(np.asarray(w) >= 0, 1, -1).astype(np.int8)


def binary(w, *, per="column"):
    """Signs, and as scale the mean magnitude of those that share it.

        code_ij = +1 if w_ij >= 0, else -1     scale_g = mean_{i in g} |w_ij|

    No other signs and no other scale make Σ (w - scale code)² smaller.

    Errors     ValueError if w is not a (d_in, d_out) of finite floats, or per is none of the above
    Source     Rastegari et al. 2016 (arXiv:1603.05279), section 3.1
    """
    w = np.asarray(w)
    group = rows_of_a_group("binary", w, per)
    scale = group_sums(np.abs(w), group, per) / group_sizes(w.shape, group, per).astype(w.dtype)
    return Quantized(signs(w), scale, group, levels=2)

"""One bit: signs, and the number that all signs of a group are multiplied by.

In all schemes `per` says who shares a scale: "tensor", "column", or a whole number of rows of one
column. None of them uses np.sign, which has a third answer, 0.
"""

import numpy as np

from tinyffn.bits.quantized import Quantized, group_means, of_each_row, rows_of_a_group
from tinyffn.bits.rounding import must_be_noise


def signs(w):
    """The sign of each number as int8, -1 or +1, and +1 for zero: np.sign has a third answer.

    NaN has no sign, and int8 has no NaN: it becomes -1. Look for it before, as the schemes do.
    """
    return np.where(np.asarray(w) >= 0, 1, -1).astype(np.int8)


def binary(w, *, per="column"):
    """Signs, and as scale the mean magnitude of those that share it.

        code_ij = +1 if w_ij >= 0, else -1     scale_g = mean_{i in g} |w_ij|

    No other signs and no other scale make Σ (w - scale code)² smaller. A group of zeros has
    codes +1 and scale 0.

    Shapes     w (d_in, d_out) -> a Quantized
    Arguments  per: "tensor", "column", or how many rows of a column share a scale
    Errors     ValueError if w is not a (d_in, d_out) of finite floats, some weights are so large
               that their sum is not finite, or per is none of the above; TypeError if w is not
               float32 or float64
    Source     Rastegari et al. 2016 (XNOR-Net, arXiv:1603.05279)
    """
    w = np.asarray(w)
    group = rows_of_a_group("binary", w, per)
    return Quantized(signs(w), group_means(np.abs(w), group, per), group, levels=2)


def centred_binary(w, *, per="tensor", add_mean=False):
    """Signs of the distances to the mean, as in BitNet, where a weight at the mean has sign -1.

        code_ij = +1 if w_ij > mean_g, else -1     mean_g = mean_{i in g} w_ij
        scale_g = mean_{i in g} |w_ij|             offset: none

    As published, the mean is taken off and never added back: half of the signs are +1, but where
    the mean is not 0, the weights are further from w than those of `binary`. With add_mean

        scale_g = mean_{i in g} |w_ij - mean_g|    offset_g = mean_g

    which is the best scale for these codes around this offset. A group of equal weights has codes
    -1; with add_mean it is kept exactly. Offsets are stored beside the scales, and take as many
    bits again.

    Shapes     w (d_in, d_out) -> a Quantized
    Arguments  per: who shares a mean and a scale, as for `binary`
    Errors     those of `binary`
    Source     Wang et al. 2023 (BitNet, arXiv:2310.11453)
    """
    w = np.asarray(w)
    group = rows_of_a_group("centred_binary", w, per)
    mean = group_means(w, group, per)
    distance = w - of_each_row(mean, group, len(w))
    codes = np.where(distance > 0, 1, -1).astype(np.int8)
    scale = group_means(np.abs(distance if add_mean else w), group, per)
    return Quantized(codes, scale, group, levels=2, offset=mean if add_mean else None)


def stochastic_signs(w, *, noise):
    """Signs by lot: +1 with probability (w + 1) / 2, so that their mean is w, cut to [-1, 1].

    Arguments  noise: uniform numbers in [0, 1), one for each weight: rng.random(w.shape)
    Errors     ValueError if noise is something else, or some weights are not finite
    Source     Courbariaux et al. 2015 (BinaryConnect, arXiv:1511.00363)
    """
    w = np.asarray(w)
    must_be_noise("stochastic_signs", noise, w.shape)
    if not np.isfinite(w).all():
        raise ValueError("stochastic_signs: some weights are not finite: did the training diverge?")
    return np.where(noise < (w + 1) / 2, 1, -1).astype(np.int8)

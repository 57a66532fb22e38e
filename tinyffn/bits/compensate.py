"""Rounding row by row, where the rows still to come make up for the error of those before."""

import numpy as np

from tinyffn.arguments import must_be_at_least
from tinyffn.bits.quantized import must_be_weight, quantized_by, ratio_or_zero
from tinyffn.bits.second_moment import as_second_moment


def compensated(w, second_moment, quantizer, *, damping=0.01, by_size=True):
    """The codes of w (d_in, d_out), chosen for the output x w and not for w itself.

    Scales come from `quantizer(w)` and stay. Then one row after the other gets the nearest codes.
    Its error e moves the output; the rows not rounded yet move to where they undo most of it. For
    E|x D|² = tr(Dᵀ H D), with H = E[x xᵀ] over the rows not rounded yet, of which i is the first:

        e = (w_i - value_i) / [H⁻¹]_ii     w_j ← w_j - [H⁻¹]_ji e  for each j > i

    H⁻¹ changes with each row that drops out. All that is needed of all of them stands in one
    matrix: U, upper triangular, with Uᵀ U = H⁻¹. Row i of the inverse without the rows before i is
    U_ii times row i of U.

    Arguments  second_moment: H = E[x xᵀ] (d_in, d_in) of this layer's inputs
               quantizer: a function from w to a Quantized; its scales and levels are used
               damping: what is added to the diagonal of H, as a share of its mean: inputs seen too
               rarely would be trusted too far, and one that is always zero has no inverse
               by_size: begin with the rows of the largest inputs, while many are left to correct
    Returns    a Quantized with the scales of quantizer(w)
    Errors     TypeError if quantizer is no function to a Quantized; those of `binary` for w;
               ValueError if second_moment is not a second moment of d_in inputs, damping is not a
               number of at least 0, or it is so small that H has no inverse
    Source     Frantar et al. 2022 (GPTQ, arXiv:2210.17323); the update of the rows left is Hassibi
               and Stork 1993 (Optimal Brain Surgeon)
    """
    must_be_at_least("compensated", 0, damping=damping)
    w = np.asarray(w)
    must_be_weight("compensated", w)
    start = quantized_by("compensated", quantizer, w)
    h = as_second_moment("compensated", second_moment, len(w))
    h = h + damping * h.diagonal().mean() * np.eye(len(h))
    order = np.argsort(-h.diagonal(), kind="stable") if by_size else np.arange(len(h))
    u = upper_of_inverse(h[np.ix_(order, order)])
    codes, errors = np.empty(w.shape, np.int8), np.empty(w.shape)
    for i, row in enumerate(order):
        moved = w[row] - u[:i, i] @ errors[:i]  # what all rows before have asked of this one
        codes[row], value = nearest_in_row(start, row, moved)
        errors[i] = (moved - value) / u[i, i]
    return start._replace(codes=codes)


def nearest_in_row(quantized, row, numbers):
    """The codes that come nearest to numbers (d_out) with the scales of one row of a Quantized.

    With an offset, codes are 0 to levels - 1. Without, they lie around 0: -1 and +1 if there are
    two (0 becomes +1), else -(levels - 1) / 2 to (levels - 1) / 2.

    Returns    (codes, their values), two arrays (d_out)
    """
    group = row // quantized.group
    scale = quantized.scale[group].astype(np.float64)
    offset = 0.0 if quantized.offset is None else quantized.offset[group].astype(np.float64)
    steps = ratio_or_zero(numbers - offset, scale)
    if quantized.offset is None and quantized.levels == 2:
        codes = np.where(steps >= 0, 1, -1)
    else:
        lowest = 0 if quantized.offset is not None else -(quantized.levels // 2)
        codes = np.clip(np.round(steps), lowest, lowest + quantized.levels - 1)
    return codes, codes * scale + offset


def upper_of_inverse(h):
    """U, upper triangular with a positive diagonal, with Uᵀ U = h⁻¹.

    Errors     ValueError if h (d, d), symmetric, is not positive definite
    """
    try:  # h = R Rᵀ with R upper triangular: Cholesky's factor, from the last row to the first
        r = np.linalg.cholesky(h[::-1, ::-1])[::-1, ::-1]
        return np.linalg.solve(r, np.eye(len(h)))
    except np.linalg.LinAlgError:
        raise ValueError(
            "compensated: second_moment has no inverse: some inputs are always zero, or sums of "
            "others. Raise damping: 0.01, say"
        ) from None

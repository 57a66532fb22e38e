"""A few bits: levels at equal distances, as far as the largest weight of a group."""

import numpy as np

from tinyffn.arguments import is_whole, must_be_above, must_be_positive
from tinyffn.bits.quantized import (
    Quantized,
    group_sums,
    of_each_row,
    ratio_or_zero,
    rows_of_a_group,
)
from tinyffn.bits.rounding import rounded


def absmax(w, bits, *, per="column", noise=None):
    """Whole numbers from -top to top, where the largest magnitude of a group becomes top.

        top = 2^(bits - 1) - 1     scale_g = max_{i in g} |w_ij| / top     code = round(w / scale)

    2^bits - 1 levels: for two bits -1, 0 and +1. A group of zeros has codes 0 and scale 0.

    Shapes     w (d_in, d_out) -> a Quantized
    Arguments  bits: 2 to 8; per: "tensor", "column", or how many rows of a column share a scale;
               noise: see `rounding.rounded`, uniform numbers of w's shape for rounding by lot
    Errors     those of `schemes.binary`; ValueError if bits or noise is something else
    Source     named so by Dettmers et al. 2022 (LLM.int8(), arXiv:2208.07339)
    """
    w, group, top = _checked("absmax", w, bits, per)
    scale = group_sums(np.abs(w), group, per, combine=np.maximum) / w.dtype.type(top)
    return _on_levels("absmax", w, scale, group, top, noise)


def clipped_absmax(w, bits, *, per="column", n_clips=64):
    """absmax, but each group chooses how far its levels reach: weights beyond are cut.

        scale_g = clip_g / top,  clip_g = 0.95^k max_{i in g} |w_ij|,  k = 0, ..., n_clips - 1

    with the k that makes Σ_{i in g} (w_ij - scale_g code_ij)² smallest. So it is never worse than
    absmax, for n_clips times the work.

    Shapes     w (d_in, d_out) -> a Quantized
    Arguments  bits: 2 to 8; per: as for `absmax`
    Errors     those of `absmax`; ValueError if n_clips is not a whole number above 0, or the square
               of a weight is beyond the largest number of its type
    Source     Banner et al. 2018 (arXiv:1810.05723) choose the clip of least squared error, too,
               by a formula for Gaussian and Laplace numbers and not by trying
    """
    w, group, top = _checked("clipped_absmax", w, bits, per)
    must_be_positive("clipped_absmax", n_clips=n_clips)
    scale = group_sums(np.abs(w), group, per, combine=np.maximum) / w.dtype.type(top)
    best, least = scale, np.full(scale.shape, np.inf)
    for k in range(n_clips):
        tried = 0.95**k * scale
        values = _on_levels("clipped_absmax", w, tried, group, top).values()
        with np.errstate(over="ignore"):  # found below
            error = group_sums((w - values) ** 2, group, per)
        best, least = np.where(error < least, tried, best), np.minimum(error, least)
    if not np.isfinite(least).all():
        raise ValueError(
            f"clipped_absmax: a weight has the magnitude {np.abs(w).max():.4g}, and its square is "
            f"beyond {w.dtype}: did the training diverge? If not, divide w by a number first"
        )
    return _on_levels("clipped_absmax", w, best, group, top)


def asymmetric(w, bits, *, per="column", noise=None):
    """Whole numbers from 0 to top, from the smallest weight of a group to its largest.

        top = 2^bits - 1     offset_g = min_{i in g} w_ij     code = round((w - offset) / scale)
        scale_g = (max_{i in g} w_ij - offset_g) / top

    All 2^bits levels are used, but zero need not be one of them. A group of equal weights has codes
    0 and scale 0, and is kept exactly.

    Shapes     w (d_in, d_out) -> a Quantized with an offset
    Arguments  bits: 1 to 7, as codes are int8 and end at 127; per, noise: as for `absmax`
    Errors     those of `absmax`
    Source     Jacob et al. 2017 (arXiv:1712.05877), whose offset is a whole number of scales, so
               that zero is one of the levels
    """
    w = np.asarray(w)
    group = rows_of_a_group("asymmetric", w, per)
    top = 2 ** _as_bits("asymmetric", bits, 1, 7) - 1
    low = group_sums(w, group, per, combine=np.minimum)
    high = group_sums(w, group, per, combine=np.maximum)
    scale = (high - low) / w.dtype.type(top)
    steps = ratio_or_zero(w - of_each_row(low, group, len(w)), of_each_row(scale, group, len(w)))
    codes = rounded("asymmetric", steps, low=0, high=top, noise=noise)
    return Quantized(codes, scale, group, levels=top + 1, offset=low)


def absmax_tokens(x, bits=8, *, eps=1e-5):
    """Activations in few bits, each token with a scale of its own.

        scale_t = max(max_i |x_ti|, eps) / top     code_ti = round(x_ti / scale_t)

    A token that holds a number which is not finite has codes 0 and a scale that is not finite, so
    that scale codes is NaN: no code says so.

    Shapes     x (..., d) -> codes int8 (..., d), scale (..., 1), with x ≈ scale codes
    Arguments  bits: 2 to 8, top = 2^(bits - 1) - 1; eps: stands in for the largest magnitude of a
               token where that is smaller (zero, say); 1e-5 in BitNet's code
    Errors     ValueError if x is not floats (..., d), bits is something else, or eps not above 0
    Source     Wang et al. 2023 (BitNet, arXiv:2310.11453)
    """
    x = np.asarray(x)
    if x.ndim < 1 or x.shape[-1] == 0 or x.dtype.kind != "f":
        raise ValueError(f"absmax_tokens: x is {x.dtype} {x.shape}, but must be floats (..., d)")
    top = 2 ** (_as_bits("absmax_tokens", bits, 2, 8) - 1) - 1
    must_be_above("absmax_tokens", 0.0, eps=eps)
    scale = np.maximum(np.abs(x).max(axis=-1, keepdims=True), x.dtype.type(eps)) / top
    usable = np.isfinite(scale) & (scale > 0)  # eps may be 0 in the type of x
    steps = np.divide(x, scale, out=np.zeros_like(x), where=usable)
    return rounded("absmax_tokens", steps, low=-top, high=top), scale


def _on_levels(owner, w, scale, group, top, noise=None):
    steps = ratio_or_zero(w, of_each_row(scale, group, len(w)))
    codes = rounded(owner, steps, low=-top, high=top, noise=noise)
    return Quantized(codes, scale, group, levels=2 * top + 1)


def _checked(owner, w, bits, per):
    w = np.asarray(w)
    group = rows_of_a_group(owner, w, per)
    return w, group, 2 ** (_as_bits(owner, bits, 2, 8) - 1) - 1


def _as_bits(owner, bits, low, high):
    """A whole number of bits as an int: 2 ** np.int8(7) would be -128."""
    if not is_whole(bits) or not low <= bits <= high:
        raise ValueError(
            f"{owner}: bits is {bits!r}, but must be a whole number from {low} to {high}"
        )
    return int(bits)

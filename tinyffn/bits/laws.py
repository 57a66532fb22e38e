"""How large the error of quantized weights is: from how the weights are spread, without any weight.

Errors are shares of the squares: error = E[(w - value)²] / E[w²], 0 for none, 1 for all lost. With
s(t) = P(|w| > t) and m(t) = E[|w| where |w| > t, else 0], each law is a short sum of the two.
"""

import math

import numpy as np

from tinyffn.arguments import is_whole, must_be_above, must_be_at_least, must_be_positive


def sign_error(w):
    """The error of signs with one scale for all of w, of any shape, from two sums.

        error = 1 - (Σ|w|)² / (n Σw²)

    The scale is the best one, Σ|w| / n. The error is 0 where all magnitudes are equal, nearly 1
    where a few weights hold everything, and 0 for nothing but zeros: nothing is lost.

    Errors     ValueError if some weights are not finite
    Source     follows from Rastegari et al. 2016 (XNOR-Net, arXiv:1603.05279)
    """
    sizes = np.abs(np.asarray(w, np.float64))
    if not np.isfinite(sizes).all():
        raise ValueError("sign_error: some weights are not finite: did the training diverge?")
    largest = sizes.max(initial=0.0)
    if largest == 0:
        return 0.0
    sizes = sizes / largest  # no square is too large or too small for a float
    error = 1 - sizes.sum() ** 2 / (sizes.size * (sizes * sizes).sum())
    return max(0.0, float(error))  # it may be -2e-16 by rounding, and no angle has such a cosine


def sign_law(weights, *, group=math.inf):
    """The error of signs with the best scale for each `group` of weights from a distribution.

        error = (1 - m(0)² / E[w²]) (1 - 1 / group)

    A small group fits its own scale to its own weights, and a group of one loses nothing. Here all
    groups are of one distribution: where groups differ in size, a scale for each gains more.

    Arguments  weights: a Distribution
    Errors     ValueError if group is not a whole number above 0, or math.inf
    """
    if group != math.inf:
        must_be_positive("sign_law", group=group)
    return (1 - weights.mean_size**2 / weights.mean_square) * (1 - 1 / group)


def ternary_law(weights, *, threshold=0.5, scale="absmean"):
    """The error of -1, 0 and +1 in large groups, whose means are those of the distribution.

        t = threshold m(0)
        error = 1 - (2 a m(t) - a² s(t)) / E[w²]     a = m(0), "absmean"
              = 1 - m(t)² / (s(t) E[w²])             a = m(t) / s(t), "least squares"

    Arguments  weights: a Distribution; the others as in `ternary`
    Errors     ValueError if threshold is not a number, 0 or above, or scale is none of the two
    """
    must_be_at_least("ternary_law", 0, threshold=threshold)
    if scale not in ("absmean", "least squares"):
        raise ValueError(
            f'ternary_law: scale is {scale!r}, but must be "absmean" or "least squares"'
        )
    a, t = weights.mean_size, float(threshold) * weights.mean_size
    share, total = weights.share_beyond(t), weights.sum_beyond(t)
    if scale == "least squares":
        a = total / share if share else 0.0
    return 1 - (2 * a * total - a**2 * share) / weights.mean_square


def clip_law(weights, bits, *, clip):
    """The error of 2^bits - 1 levels at equal distances, from -clip to clip.

        top = 2^(bits - 1) - 1     a = clip / top     t_k = (k - 1/2) a
        error = 1 - Σ_{k=1}^{top} (2 a m(t_k) - (2k - 1) a² s(t_k)) / E[w²]

    since a weight that passes t_k goes from level k - 1 to level k, and (|w| - k a)² is smaller
    than (|w| - (k - 1) a)² by 2 a |w| - (2k - 1) a².

    Arguments  weights: a Distribution
    Errors     ValueError if bits is not a whole number from 2 to 8, or clip not a number above 0
    """
    top = _top("clip_law", bits)
    must_be_above("clip_law", 0.0, clip=clip)
    return 1 - _gain(weights, top, float(clip)) / weights.mean_square


def absmax_law(weights, bits, *, group):
    """The error of absmax with a scale for each `group` of weights from a distribution.

    The largest magnitude M of a group is at most x with probability (1 - s(x))^group. Given M, the
    weight that has it loses nothing, and the other group - 1 are drawn from the same distribution
    cut off at M, where clip_law holds. Left is a mean over M, here in 400 steps.

    Arguments  weights: a Distribution
    Errors     ValueError if bits is not a whole number from 2 to 8, or group not one above 0
    """
    top = _top("absmax_law", bits)
    must_be_positive("absmax_law", group=group)
    lost, n = 0.0, 400
    for i in range(n):
        v = (i + 0.5) / n
        p = 1 - v**3  # P(M <= largest); steps in v are fine where M is large
        largest = weights.size_with_beyond(-math.expm1(math.log(p) / group))
        squares = weights.mean_square - weights.squares_beyond(largest)
        inside = 1 - weights.share_beyond(largest)
        lost += 3 * v**2 / n * (squares - _gain(weights, top, largest, largest)) / inside
    return (1 - 1 / group) * lost / weights.mean_square


def _top(owner, bits):
    if not is_whole(bits) or not 2 <= bits <= 8:
        raise ValueError(f"{owner}: bits is {bits!r}, but must be a whole number from 2 to 8")
    return 2 ** (int(bits) - 1) - 1  # 2 ** np.int8(7) would be -128


def _gain(weights, top, clip, cut=math.inf):
    """By how much the levels up to clip make E[w² where |w| <= cut] smaller."""
    a, gain = clip / top, 0.0
    share_cut, sum_cut = 0.0, 0.0
    if cut != math.inf:
        share_cut, sum_cut = weights.share_beyond(cut), weights.sum_beyond(cut)
    for k in range(1, top + 1):
        t = (k - 0.5) * a
        gain += 2 * a * (weights.sum_beyond(t) - sum_cut)
        gain -= (2 * k - 1) * a**2 * (weights.share_beyond(t) - share_cut)
    return gain

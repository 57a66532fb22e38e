"""Scaling up the inputs' rows that matter before they are rounded, and down again after."""

from typing import NamedTuple

import numpy as np

from tinyffn.arguments import must_be_at_least
from tinyffn.bits.quantized import Quantized, must_be_weight, quantized_by
from tinyffn.bits.second_moment import output_error

POWERS = tuple(power / 20 for power in range(21))  # 0, .05, ..., 1


class Scaled(NamedTuple):
    """A weight (d_in, d_out) whose row i was multiplied by s_i before it was rounded.

    Attributes rounded: the Quantized of s_i w_ij; s: (d_in,), all above 0
    """

    rounded: Quantized
    s: np.ndarray

    def values(self):
        """The weight that is meant, w_ij ≈ rounded_ij / s_i: floats (d_in, d_out)."""
        return self.rounded.values() / self.s[:, np.newaxis]


def scaled(w, s, quantizer):
    """Round s_i w_ij in place of w_ij. The layer before gives x_i / s_i, so x w is what it was.

        y_j = Σ_i (x_i / s_i) Q(s_i w_ij)

    A row with a large s is rounded in finer steps, as seen by x. That is paid for by all others
    with which it shares a scale. A code that says only the sign cannot change: for s > 0 the
    sign of s w is the sign of w. So at one bit s changes the magnitudes of the values, and nothing
    else.

    Arguments  s (d_in,): numbers above 0; quantizer: a function from a weight to a Quantized
    Returns    a Scaled
    Errors     TypeError if quantizer is no function to a Quantized; those of `binary` for w;
               ValueError if s does not fit w, or has a number that is not above 0
    Source     Lin et al. 2023 (AWQ, arXiv:2306.00978)
    """
    w = np.asarray(w)
    must_be_weight("scaled", w)
    s = _as_scales("scaled", s, w)
    return Scaled(quantized_by("scaled", quantizer, s[:, np.newaxis] * w), s)


def fold_into_before(s, *arrays):
    """What stands before a scaled weight, so that it gives x_i / s_i by itself.

    That costs nothing at run time. The arrays are all that makes x by a product or a sum: a weight
    (d, d_in) and its bias (d_in), or the gain and the bias of a norm. Between them and the scaled
    weight there may be a ReLU, for relu(z / s) = relu(z) / s where s > 0, but no GELU.

    Arguments  s (d_in,): numbers above 0; arrays: floats (..., d_in)
    Returns    a list of arrays, each divided by s along its last axis
    Errors     ValueError if one is not floats, a last axis is not d_in, or a number of s is not
               above 0
    """
    arrays = [np.asarray(array) for array in arrays]
    return [array / _as_scales("fold_into_before", s, array, axis=-1) for array in arrays]


def scales_from(magnitude, power):
    """How much to scale each row up, for inputs of this size.

        s_i = m_i^power / √(max_k m_k^power · min_k m_k^power)

    Power 0 scales nothing, power 1 makes all inputs x_i / s_i alike.

    Arguments  magnitude (d_in,): mean |x_i|, or the root of E[x_i²]; 0 counts as the smallest that
               is above 0
               power: a number, 0 or above
    Errors     ValueError if a magnitude is below 0 or not finite, all are 0, or power is below 0
    Source     Lin et al. 2023 (AWQ, arXiv:2306.00978); the division is from their code
    """
    m = np.asarray(magnitude)
    if m.ndim != 1 or not np.isfinite(m).all() or not (m >= 0).all() or not (m > 0).any():
        raise ValueError(
            f"scales_from: magnitude {m.shape} must be (d_in,), all finite and at least 0, and not "
            "all of it 0"
        )
    must_be_at_least("scales_from", 0, power=power)
    s = np.maximum(m, m[m > 0].min()) ** power
    return s / np.sqrt(s.max() * s.min())


def best_scaling(w, second_moment, magnitude, quantizer, *, powers=POWERS):
    """The power of `powers` whose scaling loses least of the output x w, and that scaling.

    Arguments  second_moment: H = E[x xᵀ] (d_in, d_in), by which the output's error is known
               magnitude: as for `scales_from`; quantizer: as for `scaled`
    Returns    (power, Scaled); of two that lose the same, the lower power
    Errors     as `scaled`, `scales_from` and `output_error`; ValueError if there are no powers
    Source     Lin et al. 2023 (AWQ, arXiv:2306.00978)
    """
    powers = sorted(powers)
    if not powers:
        raise ValueError("best_scaling: there are no powers: (0, 0.5, 1), say")
    found = {power: scaled(w, scales_from(magnitude, power), quantizer) for power in powers}
    lost = {power: output_error(w, of.values(), second_moment) for power, of in found.items()}
    best = min(lost, key=lost.__getitem__)
    return best, found[best]


def _as_scales(owner, s, array, axis=0):
    s = np.asarray(s)
    if s.ndim != 1 or array.ndim < 1 or array.shape[axis] != len(s):
        raise ValueError(
            f"{owner}: s {s.shape} must be (d_in,) and does not fit axis {axis} of {array.shape}"
        )
    if array.dtype.kind != "f":
        raise ValueError(f"{owner}: an array is {array.dtype}, but must be floats")
    s = s.astype(array.dtype)  # where float32 holds it as 0, it is no longer above 0
    if not (np.isfinite(s).all() and (s > 0).all()):
        raise ValueError(f"{owner}: each number of s must be above 0: else signs would turn")
    return s

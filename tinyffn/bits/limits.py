"""What no quantizer of Gaussian weights can do better than: one weight at a time, and all together.

Errors are shares of the squares, as in `laws`.
"""

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from tinyffn.arguments import is_whole, must_be_at_least


class Levels(NamedTuple):
    """Values (n), in order; thresholds (n - 1) between them; and the error that is left."""

    values: np.ndarray
    thresholds: np.ndarray
    error: float


def lloyd_max(n_levels):
    """The n_levels values for Gaussian weights of variance 1 whose error is smallest.

    Two conditions must hold: each weight goes to the nearest value, and each value is the mean of
    the weights that go to it.

        t_k = (v_k + v_(k+1)) / 2     v_k = E[w | t_(k-1) < w <= t_k]

    They are met by turns until no value moves any more (Lloyd's method), and then the error is
    1 - Σ_k P(t_(k-1) < w <= t_k) v_k².

    Errors     ValueError if n_levels is not a whole number from 1 to 64: with more, the turns are
               many and their steps too small to tell from rounding
    Source     Lloyd 1982 (Least squares quantization in PCM); Max 1960 (Quantizing for minimum
               distortion)
    """
    if not is_whole(n_levels) or not 1 <= n_levels <= 64:
        raise ValueError(
            f"lloyd_max: n_levels is {n_levels!r}, but must be a whole number from 1 to 64"
        )
    wide = NormalDist(0.0, math.sqrt(3))  # where many levels lie: as the cube root of the density
    values = np.array([wide.inv_cdf((k + 0.5) / n_levels) for k in range(n_levels)])
    while True:
        thresholds = (values[1:] + values[:-1]) / 2
        ends = np.concatenate([[-np.inf], thresholds, [np.inf]])
        density = np.exp(-(ends**2) / 2) / math.sqrt(2 * math.pi)
        share = np.diff([NormalDist().cdf(t) for t in ends])
        moved = -np.diff(density) / share
        if np.abs(moved - values).max() <= 1e-11:
            return Levels(moved, thresholds, float(1 - share @ moved**2))
        values = moved


def shannon_error(bits):
    """The smallest error of Gaussian weights in this many bits for each: 2^(-2 bits).

    Reached only in the limit where ever more weights are coded together.

    Errors     ValueError if bits is not a number, 0 or above
    Source     Shannon 1959 (Coding theorems for a discrete source with a fidelity criterion)
    """
    must_be_at_least("shannon_error", 0, bits=bits)
    return 2.0 ** (-2 * float(bits))

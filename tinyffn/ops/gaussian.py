"""The tail of the normal distribution, which GELU needs and NumPy lacks."""

import math

import numpy as np

_exact_erfc = np.vectorize(math.erfc, otypes=[np.float64])

# Φ(-a) = e^(-a²/2) t (c_1 + c_2 t + ... + c_9 t⁸) with t = 1 / (1 + 0.27 a), for a >= 0. The
# exponential carries the decay, so the polynomial is smooth and its error stays relative: 2.5e-8,
# less than half a float32 rounding. The coefficients come from a reweighted least-squares fit,
# which tests/ops/test_gaussian.py repeats.
TAIL_RATE = 0.27
TAIL_COEFFICIENTS = (
    0.107721425, 0.107530419, 0.101895259, 0.071733675, 0.10853586,
    -0.0701983496, 0.170617983, -0.126874903, 0.0290386434,
)  # fmt: skip


def normal_tail(a, density):
    """Φ(-a), the normal distribution's tail beyond a >= 0.

    Float32 by a rational approximation, good to its rounding; float64 exactly, and slowly.

    Arguments  a: an array >= 0; density: e^(-a²/2), which the caller needs anyway
    """
    if a.dtype == np.float64:
        return 0.5 * _exact_erfc(a * math.sqrt(0.5))
    t = 1.0 / (1.0 + TAIL_RATE * a)
    tail = TAIL_COEFFICIENTS[-1] * t
    for c in TAIL_COEFFICIENTS[-2::-1]:  # Horner's rule, in place
        tail += c
        tail *= t
    tail *= density
    return tail

"""How fast can a program be? As fast as its arithmetic, or as fast as its bytes arrive.

    operations a second <= min(peak, bandwidth × operations per byte)

Operations are multiplications and additions, those of the plain product: what a program does
instead of them, looking up or counting bits, is its own affair. Bytes are those of the weights,
each read once.

Source     Williams, Waterman and Patterson 2009 (Roofline, doi 10.1145/1498765.1498785)
"""

import numpy as np

from tinyffn.arguments import must_be_positive
from tinyffn.studies.clock import in_turn


def operations(d_in, d_out, n_tokens=1):
    """2 d_in d_out n_tokens: a multiplication and an addition for each weight and token.

    Errors     ValueError if one is no whole number above 0
    """
    must_be_positive("operations", d_in=d_in, d_out=d_out, n_tokens=n_tokens)
    return 2 * d_in * d_out * n_tokens


def intensity(bits_per_weight, n_tokens=1):
    """Operations per byte of weights: 2 n_tokens of them for each weight, 16 n_tokens / bits.

    Errors     ValueError if n_tokens is no whole number above 0, or bits_per_weight is not above 0
    """
    must_be_positive("intensity", n_tokens=n_tokens)
    if not bits_per_weight > 0:
        raise ValueError(f"intensity: bits_per_weight is {bits_per_weight}, but must be above 0")
    return 16 * n_tokens / bits_per_weight


def roof(intensity, *, peak, bandwidth):
    """The most operations a second: min(peak, bandwidth intensity), for numbers or arrays."""
    return np.minimum(peak, bandwidth * np.asarray(intensity))


def measured_peak(*, size=1024, calls=5):
    """Operations a second of a float32 product of two square matrices, the quickest of some."""
    a = np.full((size, size), 0.5, np.float32)
    seconds = in_turn({"product": lambda: a @ a}, calls=calls)["product"]
    return operations(size, size, size) / min(seconds)


def measured_bandwidth(*, n_bytes=2**28, calls=5):
    """Bytes a second at which two arrays of float32 are read for their dot product.

    They shall be too large for the caches, as a whole model is: what lies there arrives faster.

    Arguments  n_bytes: of both together
    """
    a, b = np.full((2, n_bytes // 8), 0.5, np.float32)
    seconds = in_turn({"dot": lambda: a @ b}, calls=calls)["dot"]
    return (a.nbytes + b.nbytes) / min(seconds)

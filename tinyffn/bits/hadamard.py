"""A rotation that costs n log n: it spreads what one number holds over all of them."""

import numpy as np


def walsh_hadamard(x):
    """The Walsh-Hadamard transform of the last axis, normalised: a rotation, its own inverse.

        y_i = n^(-1/2) Σ_j (-1)^(how many bits i and j both have set) x_j

    It is one step log2(n) times: each pair of numbers that lie 1, 2, 4, ... apart becomes its sum
    and its difference. Lengths and angles stay as they were. A single large number becomes n
    smaller ones of equal size, and sums of many numbers are nearly Gaussian.

    Shapes     x (..., n) -> y (..., n)
    Errors     ValueError if n is not a power of two, or x does not hold floats
    Source     Ashkboos et al. 2024 (arXiv:2404.00456) rotate the weights of a language model by it
    """
    y = np.asarray(x)
    if y.ndim < 1 or y.dtype.kind != "f":
        raise ValueError(f"walsh_hadamard: x is {y.dtype} {y.shape}, but must be floats (..., n)")
    n = y.shape[-1]
    if n < 1 or n & (n - 1):
        raise ValueError(
            f"walsh_hadamard: the last axis has {n} numbers, but their count must be a power of "
            "two: transform blocks of such a size, or add zeros"
        )
    half = 1
    while half < n:
        pairs = y.reshape(*y.shape[:-1], n // (2 * half), 2, half)
        y = np.stack([pairs[..., 0, :] + pairs[..., 1, :], pairs[..., 0, :] - pairs[..., 1, :]], -2)
        y = y.reshape(*pairs.shape[:-3], n)
        half *= 2
    return y / np.sqrt(n).astype(y.dtype)


def rotated(w):
    """The weight that gives on rotated inputs what w gives on plain ones: walsh_hadamard on axis 0.

        walsh_hadamard(x) @ rotated(w) = x @ w

    The layer before can rotate for nothing: if x = z v, then walsh_hadamard(v), on its last axis,
    takes the place of v. No function of single numbers, such as ReLU, may stand between them.

    Shapes     w (d_in, d_out) -> (d_in, d_out)
    Errors     ValueError if w has not two axes, or as walsh_hadamard
    """
    w = np.asarray(w)
    if w.ndim != 2:
        raise ValueError(f"rotated: w {w.shape} must be (d_in, d_out)")
    return walsh_hadamard(w.T).T

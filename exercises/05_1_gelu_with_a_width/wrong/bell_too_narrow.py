"""The bell curve is exp(-z²): the one that belongs to Φ is exp(-z² / 2)."""

import numpy as np


def gelu(x, width, cdf):
    z = x / width
    p = cdf(z)
    density = np.exp(-z * z) / np.sqrt(2 * np.pi)
    y = x * p

    def backward(dy):
        dx = dy * (p + z * density)
        dwidth = -np.sum(dy * z * z * density)
        return dx.astype(x.dtype), dwidth

    return y.astype(x.dtype), backward

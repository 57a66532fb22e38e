"""The width is not used in y: this is the plain GELU."""

import numpy as np


def gelu(x, width, cdf):
    z = x / width
    p = cdf(x)
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    y = x * p

    def backward(dy):
        dx = dy * (p + z * density)
        dwidth = -np.sum(dy * z * z * density)
        return dx.astype(x.dtype), dwidth

    return y.astype(x.dtype), backward

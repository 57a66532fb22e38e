"""φ is divided by the width although z stands beside it: x φ(z) / width is z φ(z) already."""

import numpy as np


def gelu(x, width, cdf):
    z = x / width
    p = cdf(z)
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi) / width
    y = x * p

    def backward(dy):
        dx = dy * (p + z * density)
        dwidth = -np.sum(dy * z * z * density)
        return dx.astype(x.dtype), dwidth

    return y.astype(x.dtype), backward

"""dwidth is a mean: what the one width does in all places adds up."""

import numpy as np


def gelu(x, width, cdf):
    z = x / width
    p = cdf(z)
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    y = x * p

    def backward(dy):
        dx = dy * (p + z * density)
        dwidth = -np.mean(dy * z * z * density)
        return dx.astype(x.dtype), dwidth

    return y.astype(x.dtype), backward

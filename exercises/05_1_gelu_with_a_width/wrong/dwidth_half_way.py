"""dwidth has z φ(z): the x in front of Φ, divided by the width, is missing."""

import numpy as np


def gelu(x, width, cdf):
    z = x / width
    p = cdf(z)
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    y = x * p

    def backward(dy):
        dx = dy * (p + z * density)
        dwidth = -np.sum(dy * z * density)
        return dx.astype(x.dtype), dwidth

    return y.astype(x.dtype), backward

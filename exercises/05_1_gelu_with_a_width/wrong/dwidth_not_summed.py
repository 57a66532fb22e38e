"""dwidth has an entry for each of x: all of them share one width, so it is their sum."""

import numpy as np


def gelu(x, width, cdf):
    z = x / width
    p = cdf(z)
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    y = x * p

    def backward(dy):
        dx = dy * (p + z * density)
        dwidth = -dy * z * z * density
        return dx.astype(x.dtype), dwidth

    return y.astype(x.dtype), backward

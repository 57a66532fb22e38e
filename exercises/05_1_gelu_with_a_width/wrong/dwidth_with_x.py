"""dwidth holds x where z belongs: the slope of x / width by the width is -x / width²."""

import numpy as np


def gelu(x, width, cdf):
    z = x / width
    p = cdf(z)
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    y = x * p

    def backward(dy):
        dx = dy * (p + z * density)
        dwidth = -np.sum(dy * x * x * density)
        return dx.astype(x.dtype), dwidth

    return y.astype(x.dtype), backward

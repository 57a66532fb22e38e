"""backward returns dwidth before dx: the order is that of the arguments, x then width."""

import numpy as np


def gelu(x, width, cdf):
    z = x / width
    p = cdf(z)
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    y = x * p

    def backward(dy):
        dx = dy * (p + z * density)
        dwidth = -np.sum(dy * z * z * density)
        return dwidth, dx.astype(x.dtype)

    return y.astype(x.dtype), backward

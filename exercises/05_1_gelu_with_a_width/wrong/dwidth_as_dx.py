"""dwidth moves z by 1 / width, as dx does: z = x / width moves by -x / width² for each unit."""

import numpy as np


def gelu(x, width, cdf):
    z = x / width
    p = cdf(z)
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    y = x * p

    def backward(dy):
        dx = dy * (p + z * density)
        dwidth = np.sum(dy * x * density) / width
        return dx.astype(x.dtype), dwidth

    return y.astype(x.dtype), backward

"""The switch is the sigmoid of 1.702 z: a quick stand-in for Φ that is off in the second digit."""

import numpy as np


def gelu(x, width, cdf):
    z = x / width
    p = 1 / (1 + np.exp(-np.clip(1.702 * z, -500, 500)))
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    y = x * p

    def backward(dy):
        dx = dy * (p + z * density)
        dwidth = -np.sum(dy * z * z * density)
        return dx.astype(x.dtype), dwidth

    return y.astype(x.dtype), backward

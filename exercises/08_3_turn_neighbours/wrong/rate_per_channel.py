"""The two channels of a pair turn by different angles: both by that of pair c."""

import numpy as np


def turn(x, positions, base=10000.0):
    d = x.shape[-1]
    angles = positions[..., None] * float(base) ** (-np.arange(d) / d)
    cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)

    def turned(x, cos, sin):
        u, v = x[..., 0::2], x[..., 1::2]
        y = np.empty_like(x)
        y[..., 0::2] = u * cos[..., 0::2] - v * sin[..., 0::2]
        y[..., 1::2] = u * sin[..., 1::2] + v * cos[..., 1::2]
        return y

    def backward(dy):
        return turned(dy, cos, -sin)

    return turned(x, cos, sin), backward

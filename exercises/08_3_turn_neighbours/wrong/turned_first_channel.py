"""The second channel is made from the first as it is after its turn: keep the old one."""

import numpy as np


def turn(x, positions, base=10000.0):
    d = x.shape[-1]
    angles = positions[..., None] * float(base) ** (-np.arange(0, d, 2) / d)
    cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)

    def turned(x, cos, sin):
        u, v = x[..., 0::2], x[..., 1::2]
        y = x.copy()
        u, v = y[..., 0::2], y[..., 1::2]
        u[...] = u * cos - v * sin
        v[...] = u * sin + v * cos
        return y

    def backward(dy):
        return turned(dy, cos, -sin)

    return turned(x, cos, sin), backward

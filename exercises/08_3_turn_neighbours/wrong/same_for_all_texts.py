"""Each text has its own positions: only those of the first are used."""

import numpy as np


def turn(x, positions, base=10000.0):
    d = x.shape[-1]
    positions = positions.reshape(-1, positions.shape[-1])[0] if positions.ndim else positions
    angles = positions[..., None] * float(base) ** (-np.arange(0, d, 2) / d)
    cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)

    def turned(x, cos, sin):
        u, v = x[..., 0::2], x[..., 1::2]
        y = np.empty_like(x)
        y[..., 0::2] = u * cos - v * sin
        y[..., 1::2] = u * sin + v * cos
        return y

    def backward(dy):
        return turned(dy, cos, -sin)

    return turned(x, cos, sin), backward

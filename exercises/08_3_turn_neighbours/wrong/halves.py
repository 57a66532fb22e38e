"""Channel c is paired with c + d / 2: here a pair are the neighbours 2c and 2c + 1."""

import numpy as np


def turn(x, positions, base=10000.0):
    d = x.shape[-1]
    angles = positions[..., None] * float(base) ** (-np.arange(0, d, 2) / d)
    cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)

    def turned(x, cos, sin):
        u, v = x[..., : d // 2], x[..., d // 2 :]
        y = np.empty_like(x)
        y[..., : d // 2] = u * cos - v * sin
        y[..., d // 2 :] = u * sin + v * cos
        return y

    def backward(dy):
        return turned(dy, cos, -sin)

    return turned(x, cos, sin), backward

"""backward mixes the signs: u and v need opposite signs before sin a, as in the turn itself."""

import numpy as np


def turn(x, positions, base=10000.0):
    d = x.shape[-1]
    angles = positions[..., None] * float(base) ** (-np.arange(0, d, 2) / d)
    cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)

    def turned(x, cos, sin):
        u, v = x[..., 0::2], x[..., 1::2]
        y = np.empty_like(x)
        y[..., 0::2] = u * cos - v * sin
        y[..., 1::2] = u * sin + v * cos
        return y

    def backward(dy):
        du, dv = dy[..., 0::2], dy[..., 1::2]
        dx = np.empty_like(dy)
        dx[..., 0::2] = du * cos - dv * sin
        dx[..., 1::2] = du * cos + dv * sin
        return dx

    return turned(x, cos, sin), backward

"""A channel's partner is sought d / 2 away: that of 2c is its neighbour, 2c + 1."""

import numpy as np


def turn(x, positions, base=10000.0):
    d = x.shape[-1]
    angles = positions[..., None] * np.repeat(float(base) ** (-np.arange(0, d, 2) / d), 2)
    cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)

    def turned(x, cos, sin):
        partners = np.concatenate([-x[..., d // 2 :], x[..., : d // 2]], axis=-1)
        return x * cos + partners * sin

    def backward(dy):
        return turned(dy, cos, -sin)

    return turned(x, cos, sin), backward

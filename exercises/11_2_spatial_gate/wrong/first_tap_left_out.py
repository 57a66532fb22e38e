"""Tap 0 is left out: it takes the position itself, so k begins at 0."""

import numpy as np


def spatial_gate(z, taps):
    T, d = z.shape[-2], z.shape[-1] // 2
    v, u = z[..., :d], z[..., d:]
    K = min(T, taps.size)
    gate = np.ones_like(v)
    for k in range(1, K):
        gate[..., k:, :] += taps[k] * v[..., : T - k, :]

    def backward(dy):
        du, dgate = dy * gate, dy * u
        dv, dtaps = np.zeros_like(v), np.zeros_like(taps)
        for k in range(1, K):
            dv[..., : T - k, :] += taps[k] * dgate[..., k:, :]
            dtaps[k] = (dgate[..., k:, :] * v[..., : T - k, :]).sum()
        dz = np.concatenate([dv, du], axis=-1)
        return dz, dtaps

    return u * gate, backward

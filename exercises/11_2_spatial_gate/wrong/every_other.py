"""v and u are taken as every other channel: they are the first half and the second half."""

import numpy as np


def spatial_gate(z, taps):
    T = z.shape[-2]
    v, u = z[..., 0::2], z[..., 1::2]
    K = min(T, taps.size)
    gate = np.ones_like(v)
    for k in range(K):
        gate[..., k:, :] += taps[k] * v[..., : T - k, :]

    def backward(dy):
        du, dgate = dy * gate, dy * u
        dv, dtaps = np.zeros_like(v), np.zeros_like(taps)
        for k in range(K):
            dv[..., : T - k, :] += taps[k] * dgate[..., k:, :]
            dtaps[k] = (dgate[..., k:, :] * v[..., : T - k, :]).sum()
        dz = np.stack([dv, du], axis=-1).reshape(z.shape)
        return dz, dtaps

    return u * gate, backward

"""The texts of a batch are read as one: no text sees another."""

import numpy as np


def spatial_gate(z, taps):
    given = z
    z = z.reshape(-1, z.shape[-1])
    T, d = z.shape[-2], z.shape[-1] // 2
    v, u = z[..., :d], z[..., d:]
    K = min(T, taps.size)
    gate = np.ones_like(v)
    for k in range(K):
        gate[..., k:, :] += taps[k] * v[..., : T - k, :]

    def backward(dy):
        dy = dy.reshape(-1, d)
        du, dgate = dy * gate, dy * u
        dv, dtaps = np.zeros_like(v), np.zeros_like(taps)
        for k in range(K):
            dv[..., : T - k, :] += taps[k] * dgate[..., k:, :]
            dtaps[k] = (dgate[..., k:, :] * v[..., : T - k, :]).sum()
        dz = np.concatenate([dv, du], axis=-1)
        return dz.reshape(given.shape), dtaps

    return (u * gate).reshape(*given.shape[:-1], d), backward

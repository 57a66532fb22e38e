"""The taps run over channels: t counts positions, the last axis but one."""

import numpy as np


def spatial_gate(z, taps):
    d = z.shape[-1] // 2
    v, u = z[..., :d], z[..., d:]
    K = min(d, taps.size)
    gate = np.ones_like(v)
    for k in range(K):
        gate[..., k:] += taps[k] * v[..., : d - k]

    def backward(dy):
        du, dgate = dy * gate, dy * u
        dv, dtaps = np.zeros_like(v), np.zeros_like(taps)
        for k in range(K):
            dv[..., : d - k] += taps[k] * dgate[..., k:]
            dtaps[k] = (dgate[..., k:] * v[..., : d - k]).sum()
        dz = np.concatenate([dv, du], axis=-1)
        return dz, dtaps

    return u * gate, backward

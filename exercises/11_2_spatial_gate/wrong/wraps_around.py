"""The beginning looks back into the end of the text: there is nothing before position 0."""

import numpy as np


def spatial_gate(z, taps):
    T, d = z.shape[-2], z.shape[-1] // 2
    v, u = z[..., :d], z[..., d:]
    K = min(T, taps.size)
    gate = np.ones_like(v)
    for k in range(K):
        gate += taps[k] * np.roll(v, k, axis=-2)

    def backward(dy):
        du, dgate = dy * gate, dy * u
        dv, dtaps = np.zeros_like(v), np.zeros_like(taps)
        for k in range(K):
            dv += taps[k] * np.roll(dgate, -k, axis=-2)
            dtaps[k] = (dgate * np.roll(v, k, axis=-2)).sum()
        dz = np.concatenate([dv, du], axis=-1)
        return dz, dtaps

    return u * gate, backward

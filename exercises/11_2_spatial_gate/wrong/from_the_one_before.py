"""taps[0] looks at the token before: tap k looks k back, so taps[0] at its own place."""

import numpy as np


def spatial_gate(z, taps):
    T, d = z.shape[-2], z.shape[-1] // 2
    v, u = z[..., :d], z[..., d:]
    K = min(T - 1, taps.size)
    gate = np.ones_like(v)
    for k in range(K):
        gate[..., k + 1 :, :] += taps[k] * v[..., : T - k - 1, :]

    def backward(dy):
        du, dgate = dy * gate, dy * u
        dv, dtaps = np.zeros_like(v), np.zeros_like(taps)
        for k in range(K):
            dv[..., : T - k - 1, :] += taps[k] * dgate[..., k + 1 :, :]
            dtaps[k] = (dgate[..., k + 1 :, :] * v[..., : T - k - 1, :]).sum()
        dz = np.concatenate([dv, du], axis=-1)
        return dz, dtaps

    return u * gate, backward

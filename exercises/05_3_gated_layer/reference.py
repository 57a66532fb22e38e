"""The answer to exercise 5.3, and how to get there.

Call p = x w_in, so that a_i = p_2i and u_i = p_2i+1. Backward, from the end, with n for one
position of all the leading axes together:

    dh_ni = Σ_j dy_nj w_down_ij          dw_down_ij = Σ_n h_ni dy_nj
    da_ni = dh_ni u_ni silu'(a_ni)       du_ni = dh_ni silu(a_ni)
    dp_n,2i = da_ni, dp_n,2i+1 = du_ni   the way the columns were taken apart, undone
    dx_nk = Σ_c dp_nc w_in_kc            dw_in_kc = Σ_n x_nk dp_nc

silu(a) = a s with s = 1 / (1 + exp(-a)), so by the product rule its slope is s + a s (1 - s).

exp(-a) overflows for a below -709 (in float32 below -88), although s is simply 0 there. tanh never
overflows, and s = (1 + tanh(a / 2)) / 2.
"""

import numpy as np


def gated_layer(x, w_in, w_down):
    pairs = (x @ w_in).reshape(*x.shape[:-1], -1, 2)
    gate, up = pairs[..., 0], pairs[..., 1]
    switch = 0.5 * (1 + np.tanh(0.5 * gate))
    passed = gate * switch
    hidden = passed * up
    leading = list(range(x.ndim - 1))

    def backward(dy):
        dhidden = dy @ w_down.T
        dgate = dhidden * up * (switch + passed * (1 - switch))
        dpairs = np.stack([dgate, dhidden * passed], axis=-1).reshape(*x.shape[:-1], -1)
        dw_in = np.tensordot(x, dpairs, axes=(leading, leading))
        dw_down = np.tensordot(hidden, dy, axes=(leading, leading))
        return dpairs @ w_in.T, dw_in, dw_down

    return hidden @ w_down, backward

"""W_up is block-diagonal, as if each head had its own slice of x: all heads read all of x."""

import numpy as np


def one_layer(w_up, b_up, w_down, b_down, strength, order):
    n_heads, d_model, d_head = w_up.shape
    W_up = np.zeros((n_heads * d_model, n_heads * d_head), w_up.dtype)
    W_down = np.zeros((n_heads * d_head, n_heads * d_model), w_up.dtype)
    for h in range(n_heads):
        unit = slice(h * d_head, (h + 1) * d_head)
        channel = slice(h * d_model, (h + 1) * d_model)
        W_up[channel, unit] = w_up[h]
        W_down[unit, channel] = strength[h] * w_down[h]
    B_up = b_up.reshape(-1)
    B_down = (strength[:, None] * b_down).reshape(-1)
    return W_up[:, order], B_up[order], W_down[order], B_down

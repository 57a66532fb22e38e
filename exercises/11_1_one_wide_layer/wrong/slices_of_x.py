"""Head 1 reads the first channels alone, head 2 the next ones: here each head reads all of x."""

import numpy as np


def one_layer(w_up, b_up, w_down, b_down, strength, order):
    n_heads, d_model, d_head = w_up.shape
    W_up = np.zeros((d_model, n_heads * d_head), w_up.dtype)
    each = d_model // n_heads
    for h in range(n_heads):
        channels, units = slice(h * each, (h + 1) * each), slice(h * d_head, (h + 1) * d_head)
        W_up[channels, units] = w_up[h, channels]
    W_down = (strength[:, None, None] * w_down).reshape(n_heads * d_head, d_model)
    return W_up[:, order], b_up.reshape(-1)[order], W_down[order], strength @ b_down

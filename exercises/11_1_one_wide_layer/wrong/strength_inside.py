"""The strength is inside gelu, but gelu(s a) is not s gelu(a): it belongs to W_down."""

import numpy as np


def one_layer(w_up, b_up, w_down, b_down, strength, order):
    W_up = np.concatenate([s * w for s, w in zip(strength, w_up, strict=True)], axis=1)
    B_up = np.concatenate([s * b for s, b in zip(strength, b_up, strict=True)])
    W_down = np.concatenate(list(w_down))
    B_down = (strength[:, None] * b_down).sum(axis=0)
    return W_up[:, order], B_up[order], W_down[order], B_down

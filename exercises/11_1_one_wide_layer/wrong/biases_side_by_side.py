"""B_down keeps the heads' biases side by side: they are added into one of d_model numbers."""

import numpy as np


def one_layer(w_up, b_up, w_down, b_down, strength, order):
    W_up = np.concatenate(list(w_up), axis=1)
    B_up = np.concatenate(list(b_up))
    W_down = np.concatenate([s * w for s, w in zip(strength, w_down, strict=True)])
    B_down = (strength[:, None] * b_down).reshape(-1)
    return W_up[:, order], B_up[order], W_down[order], B_down

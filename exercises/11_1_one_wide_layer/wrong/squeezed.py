"""Axes of size 1 are squeezed away, so that heads of one unit do not work."""

import numpy as np


def one_layer(w_up, b_up, w_down, b_down, strength, order):
    W_up = np.concatenate(list(w_up), axis=1)
    B_up = np.concatenate(list(b_up))
    W_down = np.concatenate([s * w for s, w in zip(strength, w_down.squeeze(), strict=True)])
    B_down = (strength[:, None] * b_down).sum(axis=0)
    return W_up[:, order], B_up[order], W_down[order], B_down

"""The order is ignored: hidden unit i must be the unit number order[i]."""

import numpy as np


def one_layer(w_up, b_up, w_down, b_down, strength, order):
    W_up = np.concatenate(list(w_up), axis=1)
    B_up = np.concatenate(list(b_up))
    W_down = np.concatenate([s * w for s, w in zip(strength, w_down, strict=True)])
    B_down = (strength[:, None] * b_down).sum(axis=0)
    return W_up, B_up, W_down, B_down

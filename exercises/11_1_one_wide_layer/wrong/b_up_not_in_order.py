"""B_up is not put in order: a unit's number must move with its column."""

import numpy as np


def one_layer(w_up, b_up, w_down, b_down, strength, order):
    W_up = np.concatenate(list(w_up), axis=1)
    B_up = np.concatenate(list(b_up))
    W_down = np.concatenate([s * w for s, w in zip(strength, w_down, strict=True)])
    B_down = (strength[:, None] * b_down).sum(axis=0)
    return W_up[:, order], B_up, W_down[order], B_down

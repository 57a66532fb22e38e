"""The arrays come back as float64 whatever comes in: 32 bits in must give 32 bits out."""

import numpy as np


def one_layer(w_up, b_up, w_down, b_down, strength, order):
    W_up = np.concatenate(list(w_up), axis=1)
    B_up = np.concatenate(list(b_up))
    W_down = np.concatenate([s * w for s, w in zip(strength, w_down, strict=True)])
    B_down = (strength[:, None] * b_down).sum(axis=0)
    return tuple(a.astype(np.float64) for a in (W_up[:, order], B_up[order], W_down[order], B_down))

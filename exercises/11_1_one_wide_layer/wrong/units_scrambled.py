"""W_up mixes rows with heads: move the heads' axis beside that of the units, then reshape."""

import numpy as np


def one_layer(w_up, b_up, w_down, b_down, strength, order):
    W_up = w_up.reshape(w_up.shape[1], -1)
    B_up = np.concatenate(list(b_up))
    W_down = np.concatenate([s * w for s, w in zip(strength, w_down, strict=True)])
    B_down = (strength[:, None] * b_down).sum(axis=0)
    return W_up[:, order], B_up[order], W_down[order], B_down

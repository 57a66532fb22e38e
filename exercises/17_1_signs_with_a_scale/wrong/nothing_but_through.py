"""dw is dq as it is, or cut off: here the scale is a factor of its own, and it depends on w."""

import numpy as np


def sign_layer(x, w):
    s, scale = np.where(w >= 0, 1, -1).astype(w.dtype), np.abs(w).mean(axis=0)

    def backward(dy):
        dq = x.reshape(-1, len(w)).T @ dy.reshape(-1, w.shape[1])
        return dy @ (scale * s).T, dq * (np.abs(w) <= 1)

    return x @ (scale * s), backward

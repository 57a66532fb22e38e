"""dw is not summed over all leading axes of x: there may be any number of them."""

import numpy as np


def sign_layer(x, w):
    s, scale = np.where(w >= 0, 1, -1).astype(w.dtype), np.abs(w).mean(axis=0)

    def backward(dy):
        dq = np.swapaxes(x, -1, -2) @ dy
        shared = s * (dq * s).sum(axis=-2, keepdims=True) / w.dtype.type(len(w))
        return dy @ (scale * s).T, dq * scale * (np.abs(w) <= 1) + shared

    return x @ (scale * s), backward

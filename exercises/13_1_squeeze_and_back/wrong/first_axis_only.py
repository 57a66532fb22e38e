"""The first axis alone is counted as inputs: their number is that of all leading axes together."""

import numpy as np


def squeeze_loss(x, w, b, importance):
    total = len(x) * importance.sum()
    x = x.reshape(-1, x.shape[-1])
    h = x @ w.T
    z = h @ w + b
    gap = np.maximum(z, 0) - x
    loss = (importance * gap * gap).sum() / total
    dz = 2 * importance * gap * (z > 0) / total
    dw = h.T @ dz + w @ dz.T @ x
    db = dz.sum(axis=0)
    return loss, dw, db

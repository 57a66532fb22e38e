"""The gradient passes where the input's feature is there (x > 0): it passes where z is above 0."""

import numpy as np


def squeeze_loss(x, w, b, importance):
    x = x.reshape(-1, x.shape[-1])
    n_inputs = x.shape[0]
    h = x @ w.T
    z = h @ w + b
    gap = np.maximum(z, 0) - x
    total = n_inputs * importance.sum()
    loss = (importance * gap * gap).sum() / total
    dz = 2 * importance * gap * (x > 0) / total
    dw = h.T @ dz + w @ dz.T @ x
    db = dz.sum(axis=0)
    return loss, dw, db

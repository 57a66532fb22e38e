"""Two jobs are not one job twice: as the writer of h, w has another gradient than as its reader."""

import numpy as np


def squeeze_loss(x, w, b, importance):
    x = x.reshape(-1, x.shape[-1])
    n_inputs = x.shape[0]
    h = x @ w.T
    z = h @ w + b
    gap = np.maximum(z, 0) - x
    total = n_inputs * importance.sum()
    loss = (importance * gap * gap).sum() / total
    dz = 2 * importance * gap * (z > 0) / total
    dw = 2 * h.T @ dz
    db = dz.sum(axis=0)
    return loss, dw, db

"""The old units are taken to come first, in their order: copies says which is which."""

import numpy as np


def widen(layers, copies):
    new = [list(layer) for layer in layers]
    for i, copy in enumerate(copies):
        counts = np.bincount(copy).astype(new[i + 1][0].dtype)
        n = len(counts)
        order = np.concatenate([np.arange(n), copy[n:]])
        counts = np.bincount(order).astype(counts.dtype)
        new[i][0], new[i][1] = new[i][0][:, order], new[i][1][order]
        new[i + 1][0] = new[i + 1][0][order] / counts[order][:, None]
    return new

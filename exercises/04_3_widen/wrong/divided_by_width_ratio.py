"""Every row is divided by new width over old width: right only if all have equally many copies."""

import numpy as np


def widen(layers, copies):
    new = [list(layer) for layer in layers]
    for i, copy in enumerate(copies):
        counts = np.bincount(copy).astype(new[i + 1][0].dtype)
        new[i][0], new[i][1] = new[i][0][:, copy], new[i][1][copy]
        new[i + 1][0] = new[i + 1][0][copy] * (len(counts) / len(copy))
    return new

"""A table between two hidden layers keeps one change of two: it needs its rows and its columns."""

import numpy as np


def widen(layers, copies):
    new = [list(layer) for layer in layers]
    for i, copy in enumerate(copies):
        counts = np.bincount(copy).astype(new[i + 1][0].dtype)
        new[i][0], new[i][1] = layers[i][0][:, copy], layers[i][1][copy]
        new[i + 1][0] = layers[i + 1][0][copy] / counts[copy][:, None]
    return new

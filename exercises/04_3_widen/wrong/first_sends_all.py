"""The first copy sends everything and the others nothing: they share it in equal parts."""

import numpy as np


def widen(layers, copies):
    new = [list(layer) for layer in layers]
    for i, copy in enumerate(copies):
        new[i][0], new[i][1] = new[i][0][:, copy], new[i][1][copy]
        w = np.zeros_like(new[i + 1][0][copy])
        first = np.unique(copy, return_index=True)[1]
        w[first] = new[i + 1][0]
        new[i + 1][0] = w
    return new

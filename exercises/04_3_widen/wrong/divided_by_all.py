"""Every row is divided by the new width: a unit's own number of copies is what counts."""

import numpy as np


def widen(layers, copies):
    new = [list(layer) for layer in layers]
    for i, copy in enumerate(copies):
        new[i][0], new[i][1] = new[i][0][:, copy], new[i][1][copy]
        new[i + 1][0] = new[i + 1][0][copy] / np.float32(len(copy))
    return new

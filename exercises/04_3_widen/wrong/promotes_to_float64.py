"""The weights came out as float64: the counts they were divided by are whole numbers of 64 bits."""

import numpy as np


def widen(layers, copies):
    new = [list(layer) for layer in layers]
    for i, copy in enumerate(copies):
        new[i][0], new[i][1] = new[i][0][:, copy], new[i][1][copy]
        new[i + 1][0] = new[i + 1][0][copy] / np.bincount(copy)[copy][:, None]
    return new

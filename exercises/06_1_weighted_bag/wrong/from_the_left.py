"""Places take dy of a wrong text: all ids of text n get dy of text n, so give dy an axis."""

import numpy as np


def bag(table, ids, weights, padding):
    counts = ids != padding
    used = (weights * counts).astype(table.dtype)
    y = (used[..., None] * table[ids]).sum(axis=-2)

    def backward(dy):
        spread = np.resize(dy, (*ids.shape, dy.shape[-1]))
        rows = used[..., None] * spread
        dtable = np.zeros_like(table)
        np.add.at(dtable, ids, rows)
        dweights = (dy[..., None, :] * table[ids]).sum(axis=-1) * counts
        return dtable, dweights

    return y, backward

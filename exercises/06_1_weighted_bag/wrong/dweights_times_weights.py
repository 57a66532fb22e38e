"""dweights has the weights in it, but y is a straight line in each: its slope is the row alone."""

import numpy as np


def bag(table, ids, weights, padding):
    counts = ids != padding
    used = (weights * counts).astype(table.dtype)
    y = (used[..., None] * table[ids]).sum(axis=-2)

    def backward(dy):
        rows = used[..., None] * dy[..., None, :]
        dtable = np.zeros_like(table)
        np.add.at(dtable, ids, rows)
        dweights = (dy[..., None, :] * table[ids]).sum(axis=-1) * used
        return dtable, dweights

    return y, backward

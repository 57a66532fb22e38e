"""y is the plain sum of the rows: multiply each by the weight of its place first."""

import numpy as np


def bag(table, ids, weights, padding):
    counts = ids != padding
    used = (weights * counts).astype(table.dtype)
    y = (counts[..., None] * table[ids]).sum(axis=-2)

    def backward(dy):
        rows = used[..., None] * dy[..., None, :]
        dtable = np.zeros_like(table)
        np.add.at(dtable, ids, rows)
        dweights = (dy[..., None, :] * table[ids]).sum(axis=-1) * counts
        return dtable, dweights

    return y, backward

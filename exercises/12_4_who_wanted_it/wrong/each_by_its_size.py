"""Each part is divided by its own size: the norm divides all by that of the whole stream."""

import numpy as np


def logit_parts(others, m, values, gain, bias, table, token, eps=1e-5):
    added = m[:, None] * values
    d = table[token] - table.mean(axis=0)

    def read(p):
        size = np.sqrt(p.var(axis=-1, keepdims=True) + eps)
        return ((p - p.mean(axis=-1, keepdims=True)) * gain / size) @ d

    return read(others), read(added), bias @ d

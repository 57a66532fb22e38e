"""The mean of the other logits is taken off: it must be that of all, this token's among them."""

import numpy as np


def logit_parts(others, m, values, gain, bias, table, token, eps=1e-5):
    added = m[:, None] * values
    x = others.sum(axis=0) + added.sum(axis=0)
    size = np.sqrt(np.var(x) + eps)
    d = table[token] - np.delete(table, token, axis=0).mean(axis=0)

    def read(p):
        return ((p - p.mean(axis=-1, keepdims=True)) * gain / size) @ d

    return read(others), read(added), bias @ d

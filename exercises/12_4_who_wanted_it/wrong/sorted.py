"""The parts of the memory are sorted: of_values[i] belongs to value i."""

import numpy as np


def logit_parts(others, m, values, gain, bias, table, token, eps=1e-5):
    added = m[:, None] * values
    x = others.sum(axis=0) + added.sum(axis=0)
    size = np.sqrt(np.var(x) + eps)
    d = table[token] - table.mean(axis=0)

    def read(p):
        return ((p - p.mean(axis=-1, keepdims=True)) * gain / size) @ d

    return read(others), np.sort(read(added))[::-1], bias @ d

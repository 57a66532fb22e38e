"""The parts are float64: floats of 32 bits in must give floats of 32 bits out."""

import numpy as np


def logit_parts(others, m, values, gain, bias, table, token, eps=1e-5):
    others, m = others.astype(float), m.astype(float)
    added = m[:, None] * values
    x = others.sum(axis=0) + added.sum(axis=0)
    size = np.sqrt(np.var(x) + eps)
    d = table[token] - table.mean(axis=0)

    def read(p):
        return ((p - p.mean(axis=-1, keepdims=True)) * gain / size) @ d

    return read(others), read(added), bias @ d

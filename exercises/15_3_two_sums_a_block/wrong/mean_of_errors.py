"""The errors of the groups are averaged: add up what is wrong in all of them, and divide once."""

import numpy as np


def sign_errors(sums, squares, rows, merges):
    error, bits = [], []
    for m in merges:
        starts = range(0, len(sums), m)
        n = np.array([rows * min(m, len(sums) - i) for i in starts])[:, None]
        s = np.array([sums[i : i + m].sum(axis=0) for i in starts])
        q = np.array([squares[i : i + m].sum(axis=0) for i in starts])
        error.append(np.mean(1 - s**2 / n / q) if q.any() else 0.0)
        bits.append(1 + 16 * len(starts) / (rows * len(sums)))
    return np.array(error), np.array(bits)

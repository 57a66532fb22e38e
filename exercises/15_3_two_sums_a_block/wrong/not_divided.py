"""The squares that are wrong are not divided by all squares: the error is a share."""

import numpy as np


def sign_errors(sums, squares, rows, merges):
    error, bits = [], []
    for m in merges:
        starts = range(0, len(sums), m)
        n = np.array([rows * min(m, len(sums) - i) for i in starts])[:, None]
        s = np.array([sums[i : i + m].sum(axis=0) for i in starts])
        error.append(squares.sum() - (s**2 / n).sum())
        bits.append(1 + 16 * len(starts) / (rows * len(sums)))
    return np.array(error), np.array(bits)

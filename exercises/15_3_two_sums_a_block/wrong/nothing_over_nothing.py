"""For nothing but zeros the error is 0 / 0, which is nan: nothing is lost, so it is 0."""

import numpy as np


def sign_errors(sums, squares, rows, merges):
    error, bits = [], []
    for m in merges:
        starts = range(0, len(sums), m)
        n = np.array([rows * min(m, len(sums) - i) for i in starts])[:, None]
        s = np.array([sums[i : i + m].sum(axis=0) for i in starts])
        error.append(1 - (s**2 / n).sum() / squares.sum())
        bits.append(1 + 16 * len(starts) / (rows * len(sums)))
    return np.array(error), np.array(bits)

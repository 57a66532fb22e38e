"""The last group is counted as if it were full: it has as many weights as its blocks have."""

import numpy as np


def sign_errors(sums, squares, rows, merges):
    total = squares.sum() or 1.0
    error, bits = [], []
    for m in merges:
        starts = range(0, len(sums), m)
        s = np.array([sums[i : i + m].sum(axis=0) for i in starts])
        error.append((squares.sum() - (s**2).sum() / (rows * m)) / total)
        bits.append(1 + 16 * len(starts) / (rows * len(sums)))
    return np.array(error), np.array(bits)

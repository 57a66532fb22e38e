"""All columns share one scale: a group lies within one column."""

import numpy as np


def sign_errors(sums, squares, rows, merges):
    total = squares.sum() or 1.0
    error, bits = [], []
    for m in merges:
        starts = range(0, len(sums), m)
        n = np.array([rows * min(m, len(sums) - i) for i in starts])[:, None]
        s = np.array([sums[i : i + m].sum(axis=0) for i in starts])
        of_all = s.sum(axis=1, keepdims=True) ** 2 / (n * sums.shape[1])
        error.append((squares.sum() - of_all.sum()) / total)
        bits.append(1 + 16 * len(starts) / (rows * len(sums)))
    return np.array(error), np.array(bits)

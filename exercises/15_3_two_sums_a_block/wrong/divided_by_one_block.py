"""All that is wrong is divided by the squares of one block on average: divide by all squares."""

import numpy as np


def sign_errors(sums, squares, rows, merges):
    error, bits = [], []
    for m in merges:
        starts = range(0, len(sums), m)
        n = np.array([rows * min(m, len(sums) - i) for i in starts])[:, None]
        s = np.array([sums[i : i + m].sum(axis=0) for i in starts])
        wrong = squares.sum() - (s**2 / n).sum()
        error.append(wrong / max(squares.mean(axis=0).sum(), 1e-300))
        bits.append(1 + 16 * len(starts) / (rows * len(sums)))
    return np.array(error), np.array(bits)

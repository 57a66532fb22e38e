"""Bits are those of a full group, 1 + 16 / (m rows): a shorter last group takes its 16 as well."""

import numpy as np


def sign_errors(sums, squares, rows, merges):
    total = squares.sum() or 1.0
    error, bits = [], []
    for m in merges:
        starts = range(0, len(sums), m)
        n = np.array([rows * min(m, len(sums) - i) for i in starts])[:, None]
        s = np.array([sums[i : i + m].sum(axis=0) for i in starts])
        error.append((squares.sum() - (s**2 / n).sum()) / total)
        bits.append(1 + 16 / (m * rows))
    return np.array(error), np.array(bits)

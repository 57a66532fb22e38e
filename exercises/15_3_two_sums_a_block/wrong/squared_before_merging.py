"""Sums are squared before they are merged, so merging changes nothing: first add, then square."""

import numpy as np


def sign_errors(sums, squares, rows, merges):
    total = squares.sum() or 1.0
    error, bits = [], []
    for m in merges:
        starts = range(0, len(sums), m)
        error.append((squares.sum() - (sums**2).sum() / rows) / total)
        bits.append(1 + 16 * len(starts) / (rows * len(sums)))
    return np.array(error), np.array(bits)

"""A scale is shared by the blocks of its group: it is shared by all weights, `rows` in a block."""

import numpy as np


def sign_errors(sums, squares, rows, merges):
    n_blocks = len(sums)
    error, bits = [], []
    for m in merges:
        kept = 0.0
        for i in range(0, n_blocks, m):
            part = sums[i : i + m]
            kept += np.sum(part.sum(axis=0) ** 2) / (rows * len(part))
        whole = squares.sum()
        error.append(1 - kept / whole if whole > 0 else 0.0)
        bits.append(1 + 16 * len(range(0, n_blocks, m)) / n_blocks)
    return np.array(error), np.array(bits)

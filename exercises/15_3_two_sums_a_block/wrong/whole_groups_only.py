"""Blocks that fill no whole group are left out: they are a last group, a shorter one."""

import numpy as np


def sign_errors(sums, squares, rows, merges):
    error, bits = [], []
    for m in merges:
        whole = len(sums) // m
        s = sums[: whole * m].reshape(whole, m, sums.shape[1]).sum(axis=1)
        q = squares[: whole * m].sum()
        error.append((q - (s**2).sum() / (rows * m)) / (q or 1.0))
        bits.append(1 + 16 * whole / (rows * len(sums)))
    return np.array(error), np.array(bits)

"""The number of sets is too large for a float if there are thousands of facts: add logarithms."""

import numpy as np


def knowledge_per_bit(right, choices, matrices, group):
    n, n_wrong = len(right), int(np.sum(~right))
    how_many = np.log2(n + 1)
    i = np.arange(1, n_wrong + 1)
    with np.errstate(over="ignore", invalid="ignore"):
        which = np.log2(np.prod(n - n_wrong + i.astype(float)) / np.prod(i.astype(float)))
    others = np.sum(np.log2(choices[~right] - 1))
    facts = max(0.0, np.sum(np.log2(choices)) - how_many - which - others)
    memory = 0
    for d_in, d_out, levels in matrices:
        per_byte = 1
        while levels ** (per_byte + 1) <= 256:
            per_byte += 1
        for first in range(0, d_in, group):
            rows = min(group, d_in - first)
            memory += 8 * d_out * (2 + int(np.ceil(rows / per_byte)))
    return facts, memory, facts / memory

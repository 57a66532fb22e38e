"""3000! is no float, and what is made of it is nan: add logarithms."""

import numpy as np


def knowledge_per_bit(right, choices, matrices, group):
    n, n_wrong = len(right), int(np.sum(~right))
    how_many = np.log2(n + 1)
    with np.errstate(over="ignore", invalid="ignore"):
        n_f, k_f, rest_f = (np.prod(np.arange(1.0, m + 1)) for m in (n, n_wrong, n - n_wrong))
        which = np.log2(n_f / k_f / rest_f)
    others = np.sum(np.log2(choices[~right] - 1))
    facts = max(np.sum(np.log2(choices)) - how_many - which - others, 0.0)
    memory = 0
    for d_in, d_out, levels in matrices:
        per_byte = 1
        while levels ** (per_byte + 1) <= 256:
            per_byte += 1
        for first in range(0, d_in, group):
            rows = min(group, d_in - first)
            memory += 8 * d_out * (2 + int(np.ceil(rows / per_byte)))
    return facts, memory, facts / memory

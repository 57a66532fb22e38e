"""n h(k / n) is not the length of this message: name k, one of n + 1, and then one of the sets."""

import numpy as np


def knowledge_per_bit(right, choices, matrices, group):
    n, n_wrong = len(right), int(np.sum(~right))
    share = np.array([n_wrong, n - n_wrong]) / n
    which = -n * np.sum(share * np.log2(np.maximum(share, 1e-300)))
    others = np.sum(np.log2(choices[~right] - 1))
    facts = max(0.0, np.sum(np.log2(choices)) - which - others)
    memory = 0
    for d_in, d_out, levels in matrices:
        per_byte = 1
        while levels ** (per_byte + 1) <= 256:
            per_byte += 1
        for first in range(0, d_in, group):
            rows = min(group, d_in - first)
            memory += 8 * d_out * (2 + int(np.ceil(rows / per_byte)))
    return facts, memory, facts / memory

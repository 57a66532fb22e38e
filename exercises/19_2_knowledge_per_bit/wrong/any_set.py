"""A bit for each answer says which are wrong, but k was said before: fewer sets are left then."""

import numpy as np


def knowledge_per_bit(right, choices, matrices, group):
    n = len(right)
    how_many = np.log2(n + 1)
    which = n
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

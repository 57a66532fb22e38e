"""These are the labels of right answers: a message must also say which answers are right."""

import numpy as np


def knowledge_per_bit(right, choices, matrices, group):
    facts = np.sum(np.log2(choices[right]))
    memory = 0
    for d_in, d_out, levels in matrices:
        per_byte = 1
        while levels ** (per_byte + 1) <= 256:
            per_byte += 1
        for first in range(0, d_in, group):
            rows = min(group, d_in - first)
            memory += 8 * d_out * (2 + int(np.ceil(rows / per_byte)))
    return facts, memory, facts / memory

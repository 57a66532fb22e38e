"""A column has one scale: each of its groups has one, and ends with its own byte."""

import numpy as np


def knowledge_per_bit(right, choices, matrices, group):
    n, n_wrong = len(right), int(np.sum(~right))
    log_f = np.concatenate([[0.0], np.cumsum(np.log2(np.arange(1, n + 1)))])
    how_many = np.log2(n + 1)
    which = log_f[n] - log_f[n_wrong] - log_f[n - n_wrong]
    others = np.sum(np.log2(choices[~right] - 1))
    facts = max(0.0, np.sum(np.log2(choices)) - how_many - which - others)
    memory = 0
    for d_in, d_out, levels in matrices:
        per_byte = 1
        while levels ** (per_byte + 1) <= 256:
            per_byte += 1
        memory += 8 * d_out * (2 + int(np.ceil(d_in / per_byte)))
    return facts, memory, facts / memory

"""A document is taken to begin where the one before it ends: padding may stand between them."""

import numpy as np


def packed(documents, prefixes):
    T = len(documents)
    i, j = np.arange(T)[:, None], np.arange(T)
    is_text = documents >= 0
    same = (documents[:, None] == documents) & is_text
    ends = [(documents[: p + 1] < documents[p]) & is_text[: p + 1] for p in range(T)]
    first = np.array([np.flatnonzero(e)[-1] + 1 if e.any() else 0 for e in ends])
    in_prefix = is_text & (j - first < prefixes[documents])
    sees = same & ((j <= i) | in_prefix)
    sees |= i == j
    counts = np.zeros(T, bool)
    counts[:-1] = same[i[:-1, 0], j[1:]] & ~in_prefix[1:]
    return sees, counts

"""Rows and columns are exchanged: sees[i, j] says whether i may see j, so past is on the left."""

import numpy as np


def packed(documents, prefixes):
    T = len(documents)
    i, j = np.arange(T)[:, None], np.arange(T)
    is_text = documents >= 0
    same = (documents[:, None] == documents) & is_text
    first = same.argmax(axis=1)
    in_prefix = is_text & (j - first < prefixes[documents])
    sees = same & ((j >= i) | in_prefix)
    sees |= i == j
    counts = np.zeros(T, bool)
    counts[:-1] = same[i[:-1, 0], j[1:]] & ~in_prefix[1:]
    return sees, counts

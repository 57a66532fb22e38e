"""documents is -1 at padding, and prefixes[-1] is the last document's: padding has no prefix."""

import numpy as np


def packed(documents, prefixes):
    T = len(documents)
    i, j = np.arange(T)[:, None], np.arange(T)
    same = documents[:, None] == documents
    first = same.argmax(axis=1)
    in_prefix = j - first < prefixes[documents]
    sees = same & ((j <= i) | in_prefix)
    counts = np.zeros(T, bool)
    counts[:-1] = same[i[:-1, 0], j[1:]] & ~in_prefix[1:] & (documents >= 0)[1:]
    return sees, counts

"""The last place of the row is asked for the first token: np.roll goes round."""

import numpy as np


def packed(documents, prefixes):
    T = len(documents)
    i, j = np.arange(T)[:, None], np.arange(T)
    is_text = documents >= 0
    same = (documents[:, None] == documents) & is_text
    first = same.argmax(axis=1)
    in_prefix = is_text & (j - first < prefixes[documents])
    sees = same & ((j <= i) | in_prefix)
    sees |= i == j
    counts = np.zeros(T, bool)
    target = np.roll(documents, -1)
    counts[:] = (documents == target) & is_text & ~np.roll(in_prefix, -1)
    counts[-1] = not in_prefix[0]
    return sees, counts

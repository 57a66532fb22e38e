"""Every place behind the prefix counts: it must also have a next token in its document."""

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
    counts[:] = is_text & ~in_prefix
    return sees, counts

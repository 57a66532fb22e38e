"""A prefix longer than its document spills over into what comes next: it ends where that ends."""

import numpy as np


def packed(documents, prefixes):
    T = len(documents)
    i, j = np.arange(T)[:, None], np.arange(T)
    is_text = documents >= 0
    same = (documents[:, None] == documents) & is_text
    first = same.argmax(axis=1)
    sees, in_prefix = same & (j <= i), np.zeros(T, bool)
    for d, length in enumerate(prefixes):
        if d in documents:
            start = first[documents == d][0]
            sees[start : start + length, start : start + length] = True
            in_prefix[start : start + length] = True
    sees |= i == j
    counts = np.zeros(T, bool)
    counts[:-1] = same[i[:-1, 0], j[1:]] & ~in_prefix[1:]
    return sees, counts

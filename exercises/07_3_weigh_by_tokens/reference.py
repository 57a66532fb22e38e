"""The answer to exercise 7.3, and how to get there.

A mean over n tokens is a sum divided by n. Sums add up, counts add up, and means do not:

    mean = (n_a mean_a + n_b mean_b) / (n_a + n_b) = share_a mean_a + share_b mean_b

with share_a = n_a / (n_a + n_b). An empty part has the share 0, but 0 times nan is nan, so it has
to be left out by a condition.

The program computes Σ_k f_k mean_k / K, and we want Σ_k n_k mean_k / N, with N = Σ n. Both are
the same for any means if f_k / K = n_k / N: each factor is the part's number of tokens divided by
the mean number of tokens, N / K. If all parts are alike the factors are 1.
"""

import numpy as np


def merge(mean_a, n_a, mean_b, n_b):
    if n_b == 0:
        return mean_a.copy(), int(n_a)
    if n_a == 0:
        return mean_b.copy(), int(n_b)
    total = int(n_a) + int(n_b)
    share_a, share_b = int(n_a) / total, int(n_b) / total
    return share_a * mean_a + share_b * mean_b, total


def loss_factors(counts):
    tokens_per_part = np.sum(counts) / len(counts)
    return np.asarray(counts, dtype=np.float64) / tokens_per_part

"""You left out the pairs of a value and its own key: all permutations are as likely."""

import numpy as np


def agreement_rate(top_tokens, next_tokens, permutation):
    n = len(top_tokens)
    agree = 0
    for j in range(n):
        agree += next_tokens[permutation[j]] in top_tokens[j]
    return agree / n


def chance_agreement(top_tokens, next_tokens):
    n = len(top_tokens)
    hit = (top_tokens[:, None, :] == next_tokens[None, :, None]).any(axis=2).astype(float)
    mean = (hit.sum() - np.trace(hit)) / (n * (n - 1))
    rest = hit - hit.mean(axis=0) - hit.mean(axis=1, keepdims=True) + mean
    variance = (rest**2).sum() / (n - 1)
    return float(mean), float(np.sqrt(variance) / n)

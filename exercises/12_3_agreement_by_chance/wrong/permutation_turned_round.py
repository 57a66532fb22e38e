"""The permutation was read the other way round: value j stands at key permutation[j]."""

import numpy as np


def agreement_rate(top_tokens, next_tokens, permutation):
    n = len(top_tokens)
    permutation = np.argsort(permutation)
    agree = 0
    for j in range(n):
        agree += next_tokens[permutation[j]] in top_tokens[j]
    return agree / n


def chance_agreement(top_tokens, next_tokens):
    n = len(top_tokens)
    hit = (top_tokens[:, None, :] == next_tokens[None, :, None]).any(axis=2).astype(float)
    mean = hit.mean()
    rest = hit - hit.mean(axis=0) - hit.mean(axis=1, keepdims=True) + mean
    variance = (rest**2).sum() / (n - 1)
    return float(mean), float(np.sqrt(variance) / n)

"""The values are held to the keys where they stood: the permutation deals them anew."""

import numpy as np


def agreement_rate(top_tokens, next_tokens, permutation):
    n = len(top_tokens)
    agree = 0
    for j in range(n):
        agree += next_tokens[j] in top_tokens[j]
    return agree / n


def chance_agreement(top_tokens, next_tokens):
    n = len(top_tokens)
    hit = (top_tokens[:, None, :] == next_tokens[None, :, None]).any(axis=2).astype(float)
    mean = hit.mean()
    rest = hit - hit.mean(axis=0) - hit.mean(axis=1, keepdims=True) + mean
    variance = (rest**2).sum() / (n - 1)
    return float(mean), float(np.sqrt(variance) / n)

"""You took the deals as independent: then it would be the root of mean (1 - mean) / n."""

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
    mean = hit.mean()
    variance = mean * (1 - mean) * n
    return float(mean), float(np.sqrt(variance) / n)

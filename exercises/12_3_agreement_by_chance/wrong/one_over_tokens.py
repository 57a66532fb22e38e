"""You took one over the number of different tokens: frequent tokens agree more often."""

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
    mean = top_tokens.shape[1] / len(set(top_tokens.ravel()) | set(next_tokens))
    rest = hit - hit.mean(axis=0) - hit.mean(axis=1, keepdims=True) + mean
    variance = (rest**2).sum() / (n - 1)
    return float(mean), float(np.sqrt(variance) / n)

"""The mean of the probabilities is taken before the logarithm: add the logarithms up."""

import numpy as np


def bits_per_character(log_p, tokens, counted):
    lengths = np.array([len(token) for token in tokens])
    return -np.log2(np.exp(log_p[counted]).mean()) * counted.sum() / lengths[counted].sum()


def bits_per_byte(log_p, tokens, counted):
    lengths = np.array([len(token.encode("utf-8")) for token in tokens])
    return -np.log2(np.exp(log_p[counted]).mean()) * counted.sum() / lengths[counted].sum()


def perplexity_in_other_tokens(perplexity, n_tokens, n_other):
    return float(np.exp(np.log(perplexity) * n_tokens / n_other))

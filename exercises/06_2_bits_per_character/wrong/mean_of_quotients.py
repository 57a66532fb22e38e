"""Each token has its own quotient here, and their mean is taken: divide the sums instead."""

import numpy as np


def bits_per_character(log_p, tokens, counted):
    lengths = np.array([len(token) for token in tokens])
    bits = -log_p / np.log(2)
    return np.mean(bits[counted] / np.maximum(lengths[counted], 1))


def bits_per_byte(log_p, tokens, counted):
    lengths = np.array([len(token.encode("utf-8")) for token in tokens])
    bits = -log_p / np.log(2)
    return np.mean(bits[counted] / np.maximum(lengths[counted], 1))


def perplexity_in_other_tokens(perplexity, n_tokens, n_other):
    return float(np.exp(np.log(perplexity) * n_tokens / n_other))

"""Nats are multiplied by log 2: one nat is 1 / log 2 bits, which is more than one, so divide."""

import numpy as np


def bits_per_character(log_p, tokens, counted):
    lengths = np.array([len(token) for token in tokens])
    bits = -log_p * np.log(2)
    return bits[counted].sum() / lengths[counted].sum()


def bits_per_byte(log_p, tokens, counted):
    lengths = np.array([len(token.encode("utf-8")) for token in tokens])
    bits = -log_p * np.log(2)
    return bits[counted].sum() / lengths[counted].sum()


def perplexity_in_other_tokens(perplexity, n_tokens, n_other):
    return float(np.exp(np.log(perplexity) * n_tokens / n_other))

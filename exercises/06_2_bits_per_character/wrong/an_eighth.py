"""Bits per character are divided by 8, but these are bits of surprise: divide them by the bytes."""

import numpy as np


def bits_per_character(log_p, tokens, counted):
    lengths = np.array([len(token) for token in tokens])
    bits = -log_p / np.log(2)
    return bits[counted].sum() / lengths[counted].sum()


def bits_per_byte(log_p, tokens, counted):
    return bits_per_character(log_p, tokens, counted) / 8


def perplexity_in_other_tokens(perplexity, n_tokens, n_other):
    return float(np.exp(np.log(perplexity) * n_tokens / n_other))

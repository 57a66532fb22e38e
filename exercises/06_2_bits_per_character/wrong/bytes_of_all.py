"""Bits per character are scaled by all bytes and characters: take those of counted tokens."""

import numpy as np


def bits_per_character(log_p, tokens, counted):
    lengths = np.array([len(token) for token in tokens])
    bits = -log_p / np.log(2)
    return bits[counted].sum() / lengths[counted].sum()


def bits_per_byte(log_p, tokens, counted):
    whole = "".join(tokens)
    share = len(whole) / len(whole.encode("utf-8"))
    return bits_per_character(log_p, tokens, counted) * share


def perplexity_in_other_tokens(perplexity, n_tokens, n_other):
    return float(np.exp(np.log(perplexity) * n_tokens / n_other))

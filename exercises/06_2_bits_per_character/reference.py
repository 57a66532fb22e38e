"""The answer to exercise 6.2, and how to get there.

A model's probability of a text is the product over its tokens, each given those before it. Its
negative logarithm is what the text costs, and does not know how the text was cut:

    cost = -log(p_1 p_2 ... p_T) = -Σ_t log p_t  nats,   and one bit is log 2 nats

What the model did not have to foretell is left out of the sum. Divide by the characters of the
same tokens, or by their bytes. It is a quotient of two sums: a mean of the tokens' own quotients
would give a character in a long token less to say, and knows no answer for a token without one.

A perplexity per token is exp(cost / T). Two ways to cut one text have one cost, so

    log(perplexity) n_tokens = cost = log(other perplexity) n_other
"""

import numpy as np


def bits_per_character(log_p, tokens, counted):
    n_characters = sum(len(t) for t, is_counted in zip(tokens, counted, strict=True) if is_counted)
    return -np.sum(np.where(counted, log_p, 0)) / np.log(2) / n_characters


def bits_per_byte(log_p, tokens, counted):
    as_latin = [token.encode("utf-8").decode("latin-1") for token in tokens]  # a character a byte
    return bits_per_character(log_p, as_latin, counted)


def perplexity_in_other_tokens(perplexity, n_tokens, n_other):
    return perplexity ** (n_tokens / n_other)

"""Exercise 6.2: bits per character, whatever the tokens.

Edit the three functions and save. Then check("6.2") in the notebook of lesson 06 says what is right
so far, and so does `tinyffn check 6.2` in a terminal. `python task.py` runs the examples in the
docstrings.
"""

import numpy as np


def bits_per_character(log_p: np.ndarray, tokens: list[str], counted: np.ndarray) -> float:
    """What the counted part of a text costs, in bits for each of its characters.

    log_p     (T), the natural logarithm of the probability that a model gave to each token
    tokens    the T tokens as text. A token may have many characters, or none: the end of a text is
              a token too, which must be foretold, but has no character
    counted   (T), True or False: what was only given to the model to begin with does not count

    >>> log_p = np.log([0.5, 0.125, 0.5, 0.25])
    >>> counted = np.array([False, True, True, True])
    >>> print(round(bits_per_character(log_p, ["so ", "long", "er", ""], counted), 6))
    1.0
    """
    raise NotImplementedError("replace this line")


def bits_per_byte(log_p: np.ndarray, tokens: list[str], counted: np.ndarray) -> float:
    """The same for each byte of the counted part, written in UTF-8.

    Characters beyond plain English take two to four bytes in UTF-8.

    >>> log_p = np.log([0.25, 0.0625])
    >>> print(round(bits_per_byte(log_p, ["caf", "é"], np.array([True, True])), 6))
    1.2
    """
    raise NotImplementedError("replace this line")


def perplexity_in_other_tokens(perplexity: float, n_tokens: int, n_other: int) -> float:
    """The perplexity per token, were the same text cut into `n_other` tokens, not `n_tokens`.

    The model is as good as before: it gives the whole text the same probability.

    >>> print(round(perplexity_in_other_tokens(8.0, n_tokens=100, n_other=50), 6))
    64.0
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(bits_per_character)
    run_example(bits_per_byte)
    run_example(perplexity_in_other_tokens)

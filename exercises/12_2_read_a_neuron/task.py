"""Exercise 12.2: what switches neurons on, in which texts, and which tokens their values speak for.

Edit `trigger_texts` and `value_tokens` and save. Then check("12.2") in the notebook of lesson 12
says what is right so far, and so does `tinyffn check 12.2` in a terminal. `python task.py` runs the
examples in the docstrings.
"""

import numpy as np


def trigger_texts(m: np.ndarray, lengths: np.ndarray, t: int):
    """For each neuron the t texts that switch it on most, and the t that do so with a minus sign.

    A gated neuron's coefficient may be far below 0, and that is no less a reaction. So there are
    two lists: in the first a text counts by the largest m at any of its positions, in the second by
    the lowest. Each text stands in a list once at most, with the position where that m was found.
    In the first list stand only texts whose m there is above 0, in the second only those whose m is
    below 0. The strongest reaction comes first. A list that has fewer than t texts ends in -1,
    and so do its positions.

    Shapes    m (B, T, d_ff): the coefficients in B texts; lengths (B): text b has the positions 0
              to lengths[b] - 1, what stands in m behind them is padding and counts for nothing
    Returns   texts, positions, both (2, d_ff, t) and integers: [0] the first list, [1] the second.
              Positions count from the start of their text

    No two entries of m that count are equal, and t is at most B.

    >>> m = np.array([[[3.0], [4.0], [9.0]], [[-2.0], [1.0], [-1.0]]])
    >>> texts, positions = trigger_texts(m, np.array([2, 3]), t=2)
    >>> print(texts.tolist(), positions.tolist())
    [[[0, 1]], [[1, -1]]] [[[1, 1]], [[0, -1]]]
    """
    raise NotImplementedError("replace this line")


def value_tokens(
    values: np.ndarray, gain: np.ndarray, bias: np.ndarray, table: np.ndarray, k: int
):
    """The k tokens that each value raises most when its coefficient is above 0, and when below 0.

    At the end of the model the stream x is read by a LayerNorm and by the token table:

        logit_w = table_w . (gain (x - mean(x)) / size(x) + bias)

    A neuron adds m v to x. Take size(x), the number that the norm divides by, as fixed: nearly the
    same whatever this one neuron does. Which tokens' logits rise most as m moves away from 0?

    Shapes    values (n, d), gain (d), bias (d), table (vocab_size, d)
    Returns   tokens (2, n, k), integers: [0] for m above 0, [1] for m below 0, the one that rises
              most first

    >>> values, gain, bias = np.array([[3.0, 1.0]]), np.array([1.0, 2.0]), np.array([0.0, 9.0])
    >>> table = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [3.0, 1.0]])
    >>> print(value_tokens(values, gain, bias, table, k=2).tolist())
    [[[0, 3]], [[1, 2]]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(trigger_texts)
    run_example(value_tokens)

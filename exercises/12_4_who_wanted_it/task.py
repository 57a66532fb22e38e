"""Exercise 12.4: cut a logit into parts, one for each of those who wrote into the stream.

Edit `logit_parts` and save. Then check("12.4") in the notebook of lesson 12 says what is right so
far, and so does `tinyffn check 12.4` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def logit_parts(
    others: np.ndarray, m: np.ndarray, values: np.ndarray, gain: np.ndarray, bias: np.ndarray,
    table: np.ndarray, token: int, eps: float = 1e-5,
):  # fmt: skip
    """How much each part of the stream raises one token's logit above the mean of all logits.

    At one position the stream is x = sum of others + sum over i of m_i values_i: what embedding and
    attention wrote, say, and one memory. A LayerNorm and the token table read it:

        logits_w = table_w . (gain (x - mean(x)) / sqrt(variance(x) + eps) + bias)

    The number asked about is logits_token - mean over all w of logits_w. Take the root, by which
    the norm divides, as it is, and this number is a sum: a part for each of others, one for each
    memory value with its m_i, and one for the norm's bias. (Row w of the table is what the lesson
    has as column w of the unembedding.)

    Shapes    others (n, d), m (d_ff), values (d_ff, d), gain (d), bias (d), table (vocab_size, d)
    Returns   of_others (n), of_values (d_ff), of_bias, a number: together they sum to the number
              asked about

    Floats of 32 bits in give floats of 32 bits out, and nothing that was handed in is written to.

    >>> others, m = np.array([[1.0, 3.0], [2.0, 2.0]]), np.array([2.0, -1.0])
    >>> values, table = np.array([[1.0, 0.0], [0.0, 4.0]]), np.array([[1.0, 0.0], [0.0, 3.0]])
    >>> gain, bias = np.array([1.0, 2.0]), np.array([0.0, 1.0])
    >>> for part in logit_parts(others, m, values, gain, bias, table, token=0, eps=0.0):
    ...     print(part.round(4).tolist())
    [-1.75, 0.0]
    [1.75, 3.5]
    -1.5
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(logit_parts)

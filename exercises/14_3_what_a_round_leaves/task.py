"""Exercise 14.3: what a round of edits leaves, before a single one is made.

Edit `left_over` and save. Then check("14.3") in the notebook of lesson 14 says what is right so
far, and so does `tinyffn check 14.3` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def left_over(keys: np.ndarray, c: np.ndarray, step: np.ndarray):
    """The matrix M with: missing after a round of edits = M @ missing before it.

    A memory gives k w for a key k. There are n facts: values_i is wanted at keys_i, so

        missing = values - keys w        one row for each fact

    A round writes them one after another, from fact 0 to fact n - 1, each into the w that the one
    before has left. Fact i is not written whole: its edit goes the share step_i of the way,

        w  <-  w + step_i u_i (values_i - keys_i w) / (keys_i · u_i),    u_i = c⁻¹ keys_i

    where values_i - keys_i w is what is missing at its turn. What is missing after the round is
    linear in what was missing before it, and the matrix needs neither w nor the values.

    Shapes    keys (n, d_ff), c (d_ff, d_ff), step (n), above 0 -> M (n, n)

    c is a covariance with an inverse. Floats of 32 bits in give floats of 32 bits out, and nothing
    that was handed in is written to.

    >>> keys, c = np.array([[1.0, 0.0], [1.0, 1.0]]), np.eye(2)
    >>> left_over(keys, c, np.array([1.0, 1.0])).tolist()  # the last fact holds, not the first
    [[0.5, -0.5], [0.0, 0.0]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(left_over)

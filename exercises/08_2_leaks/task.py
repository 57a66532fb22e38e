"""Exercise 8.2: does a layer see the future? Read it from its Jacobian.

Edit `leaks` and save. Then check("8.2") in the notebook of lesson 08 says what is right so far,
and so does `tinyffn check 8.2` in a terminal. `python task.py` runs the example in the docstring.
"""

import numpy as np


def leaks(jacobian: np.ndarray, tolerance: float) -> np.ndarray:
    """How strongly each position sees each later one.

    A layer reads x, S positions of d_in channels, and gives y for the last T of them, T <= S: the
    last y belongs to the last x, the last but one to the last but one. jacobian[t, i, s, j] is the
    derivative of y[t, i] by x[s, j].

    The influence of x[s] on y[t] is the size of the largest of the d_out times d_in derivatives
    between the two. Return for each pair a share: the influence of x[s] on y[t], divided by the
    strongest influence that any position has on the same y[t]. It is 0 in three cases:

    - x[s] is not later than y[t]: that is no leak;
    - the share is at most `tolerance`: that is rounding;
    - nothing at all acts on y[t].

    A derivative that is NaN or infinite proves nothing. So a later position with such a derivative
    has the share 1, whatever the others are. For the shares of the others it does not count, but
    the other derivatives of the same pair do.

    Shapes    jacobian (T, d_out, S, d_in) -> shares (T, S)

    Nothing that was handed in is written to.

    >>> jacobian = np.zeros((2, 1, 3, 2))  # y[0] belongs to x[1], y[1] to x[2]
    >>> jacobian[0, 0] = [[8.0, 0.0], [3.0, 0.0], [-2.0, 2.0]]
    >>> jacobian[1, 0] = [[0.0, 0.0], [0.0, 5.0], [-6.0, 0.0]]
    >>> print(leaks(jacobian, tolerance=1e-6))
    [[0.   0.   0.25]
     [0.   0.   0.  ]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(leaks)

"""Exercise 8.1: softmax with a temperature, forward and backward.

Edit `softmax` and save. Then check("8.1") in the notebook of lesson 08 says what is right so far,
and so does `tinyffn check 8.1` in a terminal. `python task.py` runs the example in the docstring.
"""

import numpy as np


def softmax(x: np.ndarray, tau: float):
    """Each row of scores as weights that sum to 1. A high temperature tau makes them more alike.

    Forward   y_i = exp(x_i / τ) / Σ_k exp(x_k / τ), along the last axis
    Backward  dx and dτ from dy: for you to derive
    Shapes    x (..., d), tau a number above 0 -> y (..., d)

    The dots stand for any number of leading axes, none included. Return y and a function
    `backward` that takes dy, in the shape of y, and returns dx and dtau. All rows share one tau,
    so dtau is one number.

    Hidden entries of x are -∞: their y is 0, and they must not disturb the rest. Each row has an
    entry that is not hidden. Other numbers may be of any size. If the same number is added to a
    whole row, y does not change, and so dx and dtau must not change either. tau may be a number
    of Python or of NumPy: floats of 32 bits in x give floats of 32 bits in y and dx. Nothing that
    was handed in is written to.

    >>> y, backward = softmax(np.array([[0.0, 2.0, -np.inf]]), 2.0)
    >>> print(y.round(3))
    [[0.269 0.731 0.   ]]
    >>> dx, dtau = backward(np.array([[1.0, 0.0, 5.0]]))
    >>> print(dx.round(3))
    [[ 0.098 -0.098  0.   ]]
    >>> print(round(float(dtau), 3))
    0.098
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(softmax)

"""Exercise 4.1: a network that runs through given knots, and a promise how far off it is.

Edit the two functions and save. Then check("4.1") in the notebook of lesson 04 says what is right
so far, and so does `tinyffn check 4.1` in a terminal. `python task.py` runs the examples in the
docstrings.
"""

import numpy as np


def through_knots(knots: np.ndarray, values: np.ndarray):
    """The weights of a network y = relu(x w_up + b_up) w_down + b_down with one ReLU for each knot.

    At each knot, y is the value that belongs to it; between neighbours it is straight; and left of
    the first knot and right of the last one it stays flat, at the first and the last value.

    Shapes    knots (n), values (n) -> w_up (1, n), b_up (n), w_down (n, 1), b_down (1)

    There are two knots or more, from left to right, no two the same, and not equally spaced. The
    check runs your network; which of several right choices you make is up to you.

    >>> knots, values = np.array([1.0, 2.0, 4.0]), np.array([5.0, 8.0, 0.0])
    >>> w_up, b_up, w_down, b_down = through_knots(knots, values)
    >>> x = np.array([[0.0], [1.5], [3.0], [9.0]])
    >>> y = np.maximum(x @ w_up + b_up, 0) @ w_down + b_down
    >>> print(y[:, 0])
    [5.  6.5 4.  0. ]
    """
    raise NotImplementedError("replace this line")


def error_bound(knots: np.ndarray, curvature: np.ndarray) -> float:
    """How far from f the network can be between the knots, if its values are those of f.

    On a piece of width h on which f'' lies between -c and c, a curve leaves the straight line
    through its ends by at most c h² / 8.

    Shapes    knots (n), curvature (n - 1): the c of each piece -> one number

    Return the smallest number that this promises for all pieces together.

    >>> bound = error_bound(np.array([0.0, 1.0, 3.0]), np.array([16.0, 2.0]))
    >>> print(bound)
    2.0
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(through_knots)
    run_example(error_bound)

"""Exercise 1.3: catch a wrong backward, with nothing but the forward.

Edit the two functions and save. Then check("1.3") in the notebook of lesson 01 says what is right
so far, and so does `tinyffn check 1.3` in a terminal. `python task.py` runs the examples in the
docstrings. The functions that the checks hand to yours are in `given.py`, beside this file.
"""

import numpy as np


def numeric_gradient(f, x: np.ndarray, dy: np.ndarray, step: float) -> np.ndarray:
    """dx for y = f(x), found by nudging each number in x up and down by `step`.

    Think of a loss that comes after y (you never compute it): it rises by dy_k for each unit that
    y_k rises. So dx_i says by how much the loss rises for each unit that x_i rises, measured
    between x_i - step and x_i + step.

    Shapes    x of any shape, also a single number, which has the shape (); f(x) and dy of one
              shape, which may differ from that of x
    Returns   dx, in the shape of x, worked out in float64 even if x has fewer bits

    f may return its argument itself, or a view of it such as x.T. x is not written to.

    >>> def cube(x):
    ...     return x * x * x
    >>> dx = numeric_gradient(cube, np.array([1.0, 2.0]), np.array([1.0, 10.0]), step=0.5)
    >>> print(dx)
    [  3.25 122.5 ]
    """
    raise NotImplementedError("replace this line")


def largest_error(pair, x: np.ndarray, dy: np.ndarray, step: float) -> float:
    """By how much the backward of a pair is wrong, where it is most wrong.

    pair(x) returns y and a function `backward`, of which backward(dy) should be dx. There are two
    gradients: a, what backward says, and n, what nudging says. If a does not have the shape of x,
    return np.inf. Else each entry has its own error,

        |a - n| / max(1, |n|)

    and the largest of these is returned.

    >>> def square(x):
    ...     return x * x, lambda dy: dy * x  # dy * 2 * x would be right
    >>> error = largest_error(square, np.array([0.25, -3.0]), np.array([1.0, 1.0]), step=0.5)
    >>> print(error)
    0.5
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(numeric_gradient)
    run_example(largest_error)

"""Exercise 2.1: broadcasting from the left.

Edit `sum_gradients` and save. Then check("2.1") in the notebook of lesson 02 says what is right so
far, and so does `tinyffn check 2.1` in a terminal. `python task.py` runs the example below.
"""

import numpy as np


def sum_gradients(dy: np.ndarray, shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
    """The gradient of each term of y = x_1 + x_2 + ..., where shapes line up from the left.

    NumPy lines shapes up from the right: a term of shape (3,) goes to each row of (5, 3). The
    language Julia lines them up from the left: there a term of shape (5,) fits (5, 3), and its
    number i goes to all of row i. The rule is: a shape that is too short gets axes of size 1 at its
    end. Then every axis of size 1 is stretched to the size of y, by copying.

    You get dy, in the shape of y, and the shapes of the terms. Return a list with the gradient of
    each term, in the shape and order of the terms, and in the dtype of dy. No shape is longer than
    that of y; () is the shape of a single number. Nothing that was handed in is written to.
    NumPy is all that may be imported.

    >>> dy = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
    >>> for gradient in sum_gradients(dy, [(2,), (1, 3)]):
    ...     print(gradient)
    [ 6. 60.]
    [[11. 22. 33.]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(sum_gradients)

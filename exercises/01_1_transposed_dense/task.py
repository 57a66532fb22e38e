"""Exercise 1.1: a dense layer whose weight is stored the other way round.

Edit `dense` and save. Then check("1.1") in the notebook of lesson 01 says what is right so far,
and so does `tinyffn check 1.1` in a terminal, in your course folder or the one around it.
`python task.py` runs the example in the docstring. A terminal of JupyterLab (File, New, Terminal)
knows both commands; any other one must have activated the environment, as README.md shows.
"""

import numpy as np


def dense(x: np.ndarray, w: np.ndarray, b: np.ndarray):
    """Affine map of the last axis, with w stored as PyTorch stores it: y = x wᵀ + b.

    Forward   y_nj = Σ_i x_ni w_ji + b_j
    Backward  dx, dw and db from dy: for you to derive
    Shapes    x (..., d_in), w (d_out, d_in), b (d_out) -> y (..., d_out)

    The dots stand for any number of leading axes, none included. Return y and a function
    `backward` that takes dy, in the shape of y, and returns dx, dw, db. Floats of 32 bits in
    give floats of 32 bits out, and nothing that was handed in is written to.

    >>> x = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]])
    >>> w = np.array([[1.0, 0.0, -1.0], [0.5, 0.5, 0.5]])
    >>> y, backward = dense(x, w, np.array([10.0, 20.0]))
    >>> print(y)
    [[ 8.  23. ]
     [10.  20.5]]
    >>> dx, dw, db = backward(np.array([[1.0, 0.0], [0.0, 2.0]]))
    >>> print(dx)
    [[ 1.  0. -1.]
     [ 1.  1.  1.]]
    >>> print(dw)
    [[1. 2. 3.]
     [0. 2. 0.]]
    >>> print(db)
    [1. 2.]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(dense)

"""Exercise 17.1: a dense layer in signs, with a scale for each column that learns as well.

Edit `sign_layer` and save. Then check("17.1") in the notebook of lesson 17 says what is right so
far, and so does `tinyffn check 17.1` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def sign_layer(x: np.ndarray, w: np.ndarray):
    """A dense layer without a bias that computes with signs and a scale for each column.

    Forward   s_ij = +1 if w_ij >= 0, else -1
              a_j = Σ_i |w_ij| / d_in            the scale of column j
              y_j = Σ_i x_i q_ij, with q_ij = a_j s_ij
    Backward  dx and dw from dy: for you to derive

    For s, a straight line stands in that is cut off at -1 and 1: the slope of s_ij by w_ij counts
    as 1 where |w_ij| <= 1, and as 0 elsewhere. All else is differentiated as it is, the scale too.
    The slope of |w_ij| counts as s_ij, also at 0.

    Shapes    x (..., d_in), w (d_in, d_out) -> y (..., d_out)

    The dots stand for any number of leading axes, none included. Return y and a function `backward`
    that takes dy, in the shape of y, and returns dx, dw. Floats of 32 bits in give floats of 32
    bits out, and nothing that was handed in is written to.

    >>> x, w = np.array([[1.0, 2.0]]), np.array([[0.5], [-1.5]])
    >>> y, backward = sign_layer(x, w)       # q = [[1], [-1]]
    >>> y.tolist()
    [[-1.0]]
    >>> dx, dw = backward(np.array([[1.0]]))
    >>> dx.tolist()
    [[1.0, -1.0]]
    >>> dw.tolist()                          # the second weight is outside: only the scale counts
    [[0.5], [0.5]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(sign_layer)

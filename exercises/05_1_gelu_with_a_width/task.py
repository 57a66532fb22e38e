"""Exercise 5.1: GELU with a width, and its slopes.

Edit `gelu` and save. Then check("5.1") in the notebook of lesson 05 says what is right so far,
and so does `tinyffn check 5.1` in a terminal. `python task.py` runs the example in the docstring.
"""

import numpy as np


def gelu(x: np.ndarray, width: float, cdf):
    """x times the chance that a normal draw with this standard deviation lies below x.

    Forward   y_i = x_i Φ(z_i), with z_i = x_i / width and Φ(z) the chance of a draw below z
    Backward  dx and dwidth from dy: for you to derive
    Shapes    x (...), width a number above 0 -> y (...)

    NumPy has no Φ, so you are given one: cdf(z) is Φ of each entry of z, in floats of 64 bits. Its
    slope is the bell curve φ(z) = exp(-z² / 2) / √(2π). Return y and a function `backward` that
    takes dy, in the shape of y, and returns dx, in the shape of x, and dwidth, a single number: all
    of x shares one width. Floats of 32 bits in x give floats of 32 bits in y and dx, and nothing
    that was handed in is written to.

    >>> import math
    >>> cdf = np.vectorize(lambda z: (1 + math.erf(z / math.sqrt(2))) / 2)
    >>> y, backward = gelu(np.array([-2.0, 0.0, 2.0]), 2.0, cdf)
    >>> print(y.round(4))
    [-0.3173  0.      1.6827]
    >>> dx, dwidth = backward(np.array([1.0, 1.0, 10.0]))
    >>> print(dx.round(4))
    [-0.0833  0.5    10.8332]
    >>> print(round(float(dwidth), 4))
    -2.6617
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(gelu)

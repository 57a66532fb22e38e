"""Exercise 3.1: XOR by hand, and its big brothers.

Edit `parity` and save. Then check("3.1") in the notebook of lesson 03 says what is right so far,
and so does `tinyffn check 3.1` in a terminal. `python task.py` runs the example in the docstring.
"""

import numpy as np


def parity(ends: np.ndarray, n: int):
    """The weights of a network that says whether an odd number of its n inputs are on.

    The network  y = ReLU(x w_up + b_up) w_down + b_down
    Shapes       w_up (n, n), b_up (n,), w_down (n, 1), b_down (1,): n hidden units, one output

    An input is *off* where it is ends[0] and *on* where it is ends[1], which is the larger of the
    two; in between it is partly on. Call c = Σ_i (x_i - ends[0]) / (ends[1] - ends[0]) the count of
    inputs that are on. The output is a function of c alone: at c = 0, 1, 2, 3, ... n it is
    0, 1, 0, 1, ..., and between these places it runs straight from one to the next.

    For n = 2 this is XOR. Return the four arrays in the order above. Different weights may give the
    same function, so it is the function that is checked: the output of your network, where all
    inputs lie between the two ends.

    >>> w_up, b_up, w_down, b_down = parity(np.array([-1.0, 1.0]), 2)
    >>> x = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, 0.5]])
    >>> y = np.maximum(x @ w_up + b_up, 0.0) @ w_down + b_down
    >>> print(abs(y))
    [[0.  ]
     [1.  ]
     [0.25]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(parity)

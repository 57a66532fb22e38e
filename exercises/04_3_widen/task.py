"""Exercise 4.3: give a trained network more units without changing what it computes.

Edit `widen` and save. Then check("4.3") in the notebook of lesson 04 says what is right so far,
and so does `tinyffn check 4.3` in a terminal. `python task.py` runs the example in the docstring.
"""

import numpy as np


def widen(layers: list, copies: list[np.ndarray]) -> list:
    """The layers (w, b) of a wider ReLU network that gives the same outputs as the old one.

    Unit j of the new hidden layer i is a copy of the old unit copies[i][j]: it receives all that
    the old unit received. What the old unit sent on, its copies send together, in equal parts.

    Shapes    layers: pairs of w (d_in, d_out) and b (d_out), a ReLU after each but the last;
              copies: one array of whole numbers for each hidden layer, so one fewer than layers

    Every old unit occurs in its array at least once, in any order. Input and output keep their
    sizes. Floats of 32 bits in give floats of 32 bits out, and nothing that was handed in is
    written to.

    >>> layers = [
    ...     (np.array([[1.0, -1.0]]), np.array([0.5, 2.0])),  # 1 number in, 2 hidden units
    ...     (np.array([[4.0], [6.0]]), np.array([1.0])),  # 1 number out
    ... ]
    >>> (w_up, b_up), (w_down, b_down) = widen(layers, [np.array([0, 1, 1])])
    >>> print(w_up, b_up)
    [[ 1. -1. -1.]] [0.5 2.  2. ]
    >>> print(w_down[:, 0], b_down)
    [4. 3. 3.] [1.]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(widen)

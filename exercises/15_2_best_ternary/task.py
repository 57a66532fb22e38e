"""Exercise 15.2: the best three levels of a column, exactly.

Edit `best_ternary` and save. Then check("15.2") in the notebook of lesson 15 says what is right so
far, and so does `tinyffn check 15.2` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def best_ternary(w: np.ndarray):
    """For each column of w, the codes -1, 0 and +1 and the scale that lose least of all.

    BitNet b1.58 and ternary weight networks choose a threshold by a rule of thumb. Here the best is
    wanted, for the weights that are there: for each column j, of all codes and all scales those
    that make

        Σ_i (w_ij - scale_j code_ij)²

    smallest. There are 3^d_in ways to choose codes, but only d_in of them need to be looked at, and
    sorting puts these in order. (A grid of scales only comes near the best.) A weight of 0 has code
    0, and a column of zeros has scale 0.

    Shapes    w (d_in, d_out)
    Returns   codes, int8 (d_in, d_out), and scale (d_out), 0 or above, a float of the type of w

    Where two choices are equally good, each will do. Nothing that was handed in is written to.

    >>> codes, scale = best_ternary(np.array([[6.0, 1.0], [-1.0, -1.5], [4.0, 2.0]]))
    >>> codes.T.tolist(), scale.tolist()
    ([[1, 0, 1], [1, -1, 1]], [5.0, 1.5])
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(best_ternary)

"""Exercise 15.1: signs for weights that do not all matter alike.

Edit `group_binarize` and save. Then check("15.1") in the notebook of lesson 15 says what is right
so far, and so does `tinyffn check 15.1` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def group_binarize(w: np.ndarray, importance: np.ndarray, group: int):
    """Signs, and the scale of each group that makes the weighted error smallest.

    Row i of w reads input i, and input i may be large or small: its importance h_i is the mean of
    its squares. If inputs are independent with mean 0, what goes wrong in w_j · x is on average

        Σ_i h_i (w_ij - scale_gj code_ij)²

    Codes are +1 or -1. A group is `group` neighbouring rows of one column, and has one scale; g is
    the group of row i. Of all codes and scales, find those that make the sum smallest. Where a
    weight is 0, both codes are as good: take +1. Where all weights of a group have importance 0,
    any scale is as good: take 0.

    Shapes    w (d_in, d_out), importance (d_in), 0 or above; group: a whole number above 0
    Returns   codes, int8 (d_in, d_out), and scale (n_groups, d_out), a float of the type of w

    If d_in is no multiple of `group`, the last group has fewer rows. Nothing that was handed in is
    written to.

    >>> w = np.array([[5.0], [-2.0], [0.0], [7.0]])
    >>> codes, scale = group_binarize(w, importance=np.array([1.0, 3.0, 1.0, 0.0]), group=2)
    >>> codes.T.tolist(), scale.tolist()
    ([[1, -1, 1, 1]], [[2.75], [0.0]])
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(group_binarize)

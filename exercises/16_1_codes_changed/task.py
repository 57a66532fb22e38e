"""Exercise 16.1: which codes change when weights are scaled before they are rounded.

Edit `codes_changed` and save. Then check("16.1") in the notebook of lesson 16 says what is right so
far, and so does `tinyffn check 16.1` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def codes_changed(w: np.ndarray, s: np.ndarray, bits: int, group: int):
    """All inputs are scaled, each by its s_i: how many weights of each input get another code?

    The weight is stored as in files of models: w has a row for each output, and the weights of a
    row are rounded in groups of `group` neighbours, each group with a scale of its own. Column i of
    w belongs to input i. Scaling turns all of w at once, w_oi into w_oi s_i. Then everything is
    rounded as if it were a new weight: the scale of a group is found anew.

    With 2 bits or more, the code of a weight is, for top = 2^(bits - 1) - 1,

        w / scale, rounded to the nearest whole number,   scale = (largest |w| of its group) / top

    and a group of zeros has codes 0. With 1 bit there are two codes, for w >= 0 and for w < 0.

    In a real model all s are above 0. Here some may lie below: then it is seen that your codes
    look at w at one bit, too.

    Shapes    w (d_out, d_in), s (d_in), none of them 0 -> counts (d_in), whole numbers 0 to d_out
              bits from 1 to 8; group divides d_in
    Nothing that was handed in is written to.

    >>> w = np.array([[0.9, 3.0], [1.1, 3.0]])
    >>> s = np.array([2.0, 4.0])   # w s is [[1.8, 12], [2.2, 12]]
    >>> codes_changed(w, s, 3, group=2).tolist()   # the codes [1, 3], [1, 3] become [0, 3], [1, 3]
    [1, 0]
    >>> codes_changed(w, np.array([2.0, -4.0]), 1, group=2).tolist()
    [0, 2]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(codes_changed)

"""Exercise 18.4: inputs of 8 bits times weights in signs, one binary digit at a time.

Edit `plane_counts` and `from_counts` and save. Then check("18.4") in the notebook of lesson 18 says
what is right so far, and so does `tinyffn check 18.4` in a terminal. `python task.py` runs the
examples in the docstrings.
"""

import numpy as np


def plane_counts(x: np.ndarray, w_bits: np.ndarray, group: int):
    """How many ones each plane of the inputs has, and how many of them meet a weight of +1.

    Plane p of a token is bit p, counted from the lowest, of each of its inputs: of the eight bits
    that the int8 has in memory (two's complement), for p = 0 to 7. Bit i of a row of w_bits stands
    in byte i // 8, at bit i % 8, counted from the lowest; 1 is a weight of +1, 0 one of -1. Inputs
    0 to group - 1 are group 0, and so on; group is a multiple of 8, and the last group may be
    shorter. What is wanted, for each token t, plane p, output j and group g:

        ones_tpg  = the number of i in the group with bit p of x_ti = 1
        both_tpjg = the number of those i whose weight w_ij is +1

    The bits of w_bits behind the last weight of a row may be anything: they stand for nothing.

    Shapes    x int8 (n, d_in), w_bits uint8 (d_out, d_in / 8 rounded up)
              -> both int32 (n, 8, d_out, n_groups), ones int32 (n, 8, n_groups), with
              n_groups = d_in / group rounded up

    >>> x, w_bits = np.array([[5, 3, -6]], np.int8), np.array([[0b101]], np.uint8)
    >>> both, ones = plane_counts(x, w_bits, group=8)
    >>> ones.ravel().tolist()                # -6 is 250 - 256: 1111 1010
    [2, 2, 1, 1, 1, 1, 1, 1]
    >>> both.ravel().tolist()                # 3 stands at a weight of -1
    [1, 1, 1, 1, 1, 1, 1, 1]
    """
    raise NotImplementedError("replace this line")


def from_counts(both: np.ndarray, ones: np.ndarray, scale: np.ndarray):
    """The products, made from such counts.

        sums_tjg = Σ_{i in group g} x_ti w_ij    exactly
        y_tj     = Σ_g scale_jg sums_tjg

    Shapes    both int32 (n, 8, d_out, n_groups), ones int32 (n, 8, n_groups), scale floats
              (d_out, n_groups) -> sums int32 (n, d_out, n_groups), y (n, d_out) of scale's dtype

    >>> ones = np.array([2, 2, 1, 1, 1, 1, 1, 1], np.int32).reshape(1, 8, 1)
    >>> both = np.ones((1, 8, 1, 1), np.int32)
    >>> sums, y = from_counts(both, ones, np.array([[0.5]]))
    >>> sums.tolist(), y.tolist()            # 5 - 3 - 6
    ([[[-4]]], [[-2.0]])
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(plane_counts)
    run_example(from_counts)

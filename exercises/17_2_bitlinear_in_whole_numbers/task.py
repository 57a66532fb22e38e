"""Exercise 17.2: a layer in signs whose sums are whole numbers, with inputs in 8 bits.

The lesson's BitLinear has levels around 0 and one scale for the whole matrix. Here the levels of a
token begin at its smallest number, and each group of rows has scales of its own.

Edit `whole_tokens` and `bit_linear` and save. Then check("17.2") in the notebook of lesson 17 says
what is right so far, and so does `tinyffn check 17.2` in a terminal. `python task.py` runs the
examples in the docstrings.
"""

import numpy as np


def whole_tokens(x: np.ndarray):
    """Each token in 256 levels, from its own smallest number to its own largest.

    BitNet has levels from 0 upwards for the inputs of non-linear functions:

        x_ti ≈ low_t + step_t u_ti     low_t = the smallest of token t's numbers
                                       step_t = (the largest - low_t) / 255
                                       u_ti = the nearest whole number, 0 to 255

    Where all numbers of a token are equal, step is 1 and u is 0: so nothing is divided by 0.

    Shapes    x (..., d_in) -> u uint8 (..., d_in), step (..., 1), low (..., 1)

    >>> u, step, low = whole_tokens(np.array([[-1.0, 0.5, 4.1]]))
    >>> u.tolist(), step.round(3).tolist(), low.tolist()
    ([[0, 75, 255]], [[0.02]], [[-1.0]])
    """
    raise NotImplementedError("replace this line")


def bit_linear(
    u: np.ndarray,
    step: np.ndarray,
    low: np.ndarray,
    codes: np.ndarray,
    scale: np.ndarray,
    group: int,
):
    """The product of such inputs with a weight in codes, by way of sums of whole numbers.

    Input i stands for x_ti = low_t + step_t u_ti. Weight ij stands for w_ij = scale_gj codes_ij,
    where g is the group of row i: rows 0 to group - 1 are group 0, and so on; the last group may
    have fewer rows. What is wanted:

        sums_tgj = Σ_{i in group g} u_ti codes_ij      exactly
        y_tj = Σ_i x_ti w_ij                           made from sums, without x and without w

    Shapes    u uint8 (..., d_in), step (..., 1), low (..., 1), codes int8 (d_in, d_out) of -1, 0
              and +1, scale (n_groups, d_out) -> sums int32 (..., n_groups, d_out), y (..., d_out)

    For both functions: floats of 32 bits in give floats of 32 bits out, the dots stand for one or
    more leading axes, and nothing that was handed in is written to.

    >>> u, step, low = np.array([[10, 20, 250]], np.uint8), np.array([[0.5]]), np.array([[3.0]])
    >>> codes, scale = np.array([[1], [-1], [1]], np.int8), np.array([[2.0], [4.0]])
    >>> sums, y = bit_linear(u, step, low, codes, scale, group=2)
    >>> sums.tolist()                        # 10 - 20, and 250
    [[[-10], [250]]]
    >>> y.tolist()                           # (8 - 13) 2 + 128 · 4
    [[502.0]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(whole_tokens)
    run_example(bit_linear)

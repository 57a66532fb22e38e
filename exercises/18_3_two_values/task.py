"""Exercise 18.3: products of bits that stand for any two numbers, by counting ones.

Edit `two_values_product` and save. Then check("18.3") in the notebook of lesson 18 says what is
right so far, and so does `tinyffn check 18.3` in a terminal. `python task.py` runs the example in
the docstring.
"""

import numpy as np


def two_values_product(
    x_bits: np.ndarray,
    x_step: np.ndarray,
    x_low: np.ndarray,
    w_bits: np.ndarray,
    w_step: np.ndarray,
    w_low: np.ndarray,
    d_in: int,
    group: int,
):
    """A dense layer whose inputs and weights have one bit each: counted, not multiplied.

    A bit stands for one of two numbers. Those of a token t belong to it alone, those of a weight
    to its output j and its group g (MLX, Apple's library, stores 1-bit weights so):

        x_ti = low_t + step_t c_ti       c_ti: bit i of row t of x_bits
        w_ij = low_jg + step_jg b_ji     b_ji: bit i of row j of w_bits, with i in group g

    Bit i of a row stands in byte i // 8, at bit i % 8, counted from the lowest. Inputs 0 to
    group - 1 are group 0, and so on; group is a multiple of 8. The last group may be shorter. What
    the last byte of a row has beyond d_in is zero bits, which stand for nothing. What is wanted:

        both_tjg = the number of i in group g for which both bits are 1
        y_tj     = Σ_i x_ti w_ij         made from counts, without x and w

    Shapes    x_bits uint8 (n, n_bytes), x_step and x_low (n, 1), w_bits uint8 (d_out, n_bytes),
              w_step and w_low (d_out, n_groups); n_bytes = d_in / 8 and n_groups = d_in / group,
              both rounded up -> both int32 (n, d_out, n_groups), y (n, d_out)

    Floats of 32 bits in give floats of 32 bits out.

    >>> x_bits, w_bits = np.array([[0b011]], np.uint8), np.array([[0b110]], np.uint8)
    >>> one = np.array([[1.0]])
    >>> both, y = two_values_product(x_bits, 2 * one, -one, w_bits, one, one, d_in=3, group=8)
    >>> both.tolist()                        # bits 0 and 1, bits 1 and 2: bit 1
    [[[1]]]
    >>> y.tolist()                           # x = (1, 1, -1), w = (1, 2, 2)
    [[1.0]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(two_values_product)

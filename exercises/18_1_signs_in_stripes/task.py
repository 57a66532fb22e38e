"""Exercise 18.1: write a weight as blocks of signs and scales, and read it again.

Edit `pack_blocks` and `unpack_blocks` and save. Then check("18.1") in the notebook of lesson 18
says what is right so far, and so does `tinyffn check 18.1` in a terminal. `python task.py` runs
the examples in the docstrings.
"""

import numpy as np


def pack_blocks(w: np.ndarray, group: int):
    """The bytes of a weight w (d_in, d_out), of which only signs and scales are kept.

    Each output has a row of bytes, and a row is blocks, one after another. A block holds `group`
    weights of that output, w_ij for `group` successive i:

        2 bytes           the scale, the mean of |w_ij| in the block: a float16, its lower byte
                          first, as NumPy has it in memory
        group / 8 bytes   the signs, in stripes: with m = group / 8, weight j of the block stands in
                          byte j % m, at bit j // m, counted from the lowest (the bit worth 1).
                          The bit is 1 if the weight is >= 0

    Neighbours are in different bytes, unlike in Q1_0: so one shift and one mask give the signs of m
    neighbours at once. And d_in need not be a multiple of group. The last block of a row may hold
    fewer weights than `group`. It has the same number of bytes; its scale is the mean over the
    weights that are there, and the bits without a weight are 0.

    Shapes    w floats (d_in, d_out), group a multiple of 8
              -> uint8 (d_out, n_blocks (2 + group / 8)), n_blocks = d_in / group, rounded up

    >>> w = np.array([[2.0]] * 8 + [[-2.0]] * 8, np.float32)     # 16 weights of one output
    >>> pack_blocks(w, 16).tolist()  # 2.0 has the bytes 0, 64; byte 0 holds weights 0, 2, 4, ...
    [[0, 64, 15, 15]]
    """
    raise NotImplementedError("replace this line")


def unpack_blocks(blocks: np.ndarray, d_in: int, group: int):
    """The weight that such bytes stand for: +scale where the bit is 1, -scale where it is 0.

    Shapes    blocks uint8 (d_out, n_blocks (2 + group / 8)) -> float32 (d_in, d_out)

    >>> unpack_blocks(np.array([[0, 64, 15, 15]], np.uint8), 16, 16).ravel()[6:10].tolist()
    [2.0, 2.0, -2.0, -2.0]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(pack_blocks)
    run_example(unpack_blocks)

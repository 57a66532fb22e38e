"""Exercise 15.3: the error of signs for every size of group, without the weights.

Edit `sign_errors` and save. Then check("15.3") in the notebook of lesson 15 says what is right so
far, and so does `tinyffn check 15.3` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def sign_errors(sums: np.ndarray, squares: np.ndarray, rows: int, merges):
    """What signs would lose with larger groups, and how many bits they would take.

    Someone went through a large weight w (d_in, d_out) once, cut each column into blocks of `rows`
    rows, and wrote down for each block b of column j

        sums_bj = Σ |w_ij|        squares_bj = Σ w_ij²        over the rows i of the block

    d_in is a multiple of `rows`. From these numbers alone, and for each m in `merges`, say what
    happens if m neighbouring blocks of a column are made one group, which has one scale, the best
    for its signs. Where the blocks of a column are no multiple of m, its last group has fewer.

        error   the squares that are wrong, Σ (w - scale code)², divided by Σ w²; both sums are over
                all of w. Of nothing but zeros nothing is lost: 0
        bits    for each weight: 1 for its sign, and 16 for each scale, shared by all weights

    Shapes    sums and squares (n_blocks, d_out); merges: n whole numbers above 0
    Returns   error (n), bits (n)

    >>> w = np.array([[1.0], [3.0], [4.0], [4.0]])                    # one column, blocks of 2 rows
    >>> sums, squares = np.array([[4.0], [8.0]]), np.array([[10.0], [32.0]])
    >>> error, bits = sign_errors(sums, squares, rows=2, merges=[1, 2])
    >>> error.round(4).tolist(), bits.tolist()
    ([0.0476, 0.1429], [9.0, 5.0])
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(sign_errors)

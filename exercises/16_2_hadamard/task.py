"""Exercise 16.2: a fast rotation for vectors whose length is no power of two.

Edit `spin`, `unspin` and `fold`, and save. Then check("16.2") in the notebook of lesson 16 says
what is right so far, and so does `tinyffn check 16.2` in a terminal. `python task.py` runs the
examples in the docstrings.
"""

import numpy as np


def spin(x: np.ndarray, flips: np.ndarray):
    """Multiply the numbers of the last axis by flips, then rotate them.

    Flips are factors of -1 and 1, drawn once at random (why, question 2 asks).

    n = m 2^k, where m is odd. Numbers whose places are m, 2 m, 3 m, ... apart belong together:
    there are m such teams, of 2^k numbers each. Each team is transformed by itself, as if the
    others were not there. The transform of a team t_0, ..., t_(N-1) of N = 2^k numbers is

        u_i = N^(-1/2) Σ_j (-1)^(how many bits i and j both have set) t_j

    and u_i takes the place of t_i. It must be fast: n k sums and differences for each vector. A
    check has vectors of 98,304 numbers: a matrix for them would not fit into memory. Use NumPy
    alone, nothing from tinyffn. (With m = n there is nothing to transform.)

    Shapes    x (..., n), flips (n), each -1 or 1 -> (..., n)

    Floats of 32 bits in x and flips give floats of 32 bits. Nothing that was handed in is written
    to: this holds for all three functions.

    >>> x = np.array([1.0, 2.0, 3.0, 10.0, 20.0, 30.0])   # teams: 1 and 10, 2 and 20, 3 and 30
    >>> (spin(x, np.ones(6)) * np.sqrt(2)).round(6).tolist()
    [11.0, 22.0, 33.0, -9.0, -18.0, -27.0]
    """
    raise NotImplementedError("replace this line")


def unspin(y: np.ndarray, flips: np.ndarray):
    """Undo it: unspin(spin(x, flips), flips) = x.

    Shapes    y (..., n), flips (n) -> (..., n)

    >>> flips = np.array([1.0, -1.0, -1.0, 1.0])
    >>> unspin(spin(np.array([1.0, 2.0, 3.0, 4.0]), flips), flips).tolist()
    [1.0, 2.0, 3.0, 4.0]
    """
    raise NotImplementedError("replace this line")


def fold(w: np.ndarray, flips: np.ndarray):
    """The weight that gives on rotated inputs what w gives on plain ones.

        spin(x, flips) @ fold(w, flips) = x @ w      for each x

    Shapes    w (n, d_out), flips (n) -> (n, d_out)

    >>> flips, w = np.array([1.0, -1.0]), np.array([[3.0], [1.0]])
    >>> (fold(w, flips) * np.sqrt(2)).round(6).tolist()
    [[2.0], [4.0]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(spin)
    run_example(unspin)
    run_example(fold)

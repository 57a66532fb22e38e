"""Exercise 14.1: rewrite one fact in a layer that has a bias.

Edit `edit_fact` and save. Then check("14.1") in the notebook of lesson 14 says what is right so
far, and so does `tinyffn check 14.1` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def edit_fact(
    w: np.ndarray,
    b: np.ndarray,
    key: np.ndarray,
    value: np.ndarray,
    c: np.ndarray,
    mean: np.ndarray,
):
    """New w and b of a layer y = w m + b that give `value` at `key`, and move the rest least.

    The layer is written as in the papers: y, m and b are columns, and w has a column for each entry
    of m. Both w and b may change. What is asked of the new ones:

        w_new key + b_new = value
        and, of all that fulfil this, the smallest mean of |w_new m + b_new - w m - b|²

    The mean runs over the coefficients m that the layer meets in its work. All that you know of
    them, and all that you need, are two averages: c = E[m mᵀ] and mean = E[m].

    Shapes    w (d_model, d_ff), b (d_model), key (d_ff), value (d_model), c (d_ff, d_ff),
              mean (d_ff) -> w_new, b_new in the shapes of w and b

    Both c and c - mean meanᵀ have an inverse, though their entries may be tiny. Floats of 32 bits
    in give floats of 32 bits out, and nothing that was handed in is written to.

    >>> w, b = np.array([[2.0, 0.0]]), np.array([1.0])
    >>> key, value = np.array([1.0, 0.0]), np.array([9.0])   # the layer says 3 there
    >>> c, mean = np.diag([2.0, 1.0]), np.array([0.0, 0.0])
    >>> for array in edit_fact(w, b, key, value, c, mean):
    ...     print(array.tolist())
    [[4.0, 0.0]]
    [5.0]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(edit_fact)

"""Exercise 11.1: many small feed-forward layers side by side are one wide one.

Edit `one_layer` and save. Then check("11.1") in the notebook of lesson 11 says what is right so
far, and so does `tinyffn check 11.1` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def one_layer(
    w_up: np.ndarray,
    b_up: np.ndarray,
    w_down: np.ndarray,
    b_down: np.ndarray,
    strength: np.ndarray,
    order: np.ndarray,
):
    """The four arrays of one feed-forward layer that does what all heads do together.

    Head h is a small feed-forward layer that reads all of x and writes all of y. The heads'
    answers, each times its own number strength_h, positive or negative, are added:

        y = Σ_h strength_h (gelu(x w_up_h + b_up_h) w_down_h + b_down_h)

    Wanted are W_up, B_up, W_down, B_down with y = gelu(x W_up + B_up) W_down + B_down for every x.
    Number the hidden units of all heads from 0 on, first those of head 0, then those of head 1,
    and so on. The wide layer's hidden unit i must be the unit number order[i].

    Shapes    w_up (n_heads, d_model, d_head), b_up (n_heads, d_head),
              w_down (n_heads, d_head, d_model), b_down (n_heads, d_model), strength (n_heads),
              order (d_ff), a permutation of 0 ... d_ff - 1, with d_ff = n_heads d_head
    Returns   W_up (d_model, d_ff), B_up (d_ff), W_down (d_ff, d_model), B_down (d_model)

    Floats of 32 bits in give floats of 32 bits out, and nothing that was handed in is written to.

    >>> w_up = np.array([[[1.0, 2.0]], [[3.0, 4.0]]])      # two heads of two units, d_model = 1
    >>> b_up = np.array([[0.1, 0.2], [0.3, 0.4]])
    >>> w_down = np.array([[[5.0], [6.0]], [[7.0], [8.0]]])
    >>> b_down = np.array([[0.5], [0.25]])
    >>> strength, order = np.array([1.0, -2.0]), np.array([2, 0, 3, 1])
    >>> for array in one_layer(w_up, b_up, w_down, b_down, strength, order):
    ...     print(array.tolist())
    [[3.0, 1.0, 4.0, 2.0]]
    [0.3, 0.1, 0.4, 0.2]
    [[-14.0], [5.0], [-16.0], [6.0]]
    [0.0]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(one_layer)

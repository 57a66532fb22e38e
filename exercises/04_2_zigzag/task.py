"""Exercise 4.2: a deep network whose pieces multiply from layer to layer.

Edit `zigzag` and save. Then check("4.2") in the notebook of lesson 04 says what is right so far,
and so does `tinyffn check 4.2` in a terminal. `python task.py` runs the example in the docstring.
"""

import numpy as np


def zigzag(pieces: list[int]) -> list[tuple[np.ndarray, np.ndarray]]:
    """The layers (w, b) of a ReLU network that puts one zigzag into the next, on [-1, 1].

    A zigzag of m pieces starts with the value -1 at x = -1. It goes straight up to 1, straight
    down to -1, up again, and so on, m times, on pieces of equal width. So its slope is m or -m.
    The input goes through a zigzag of pieces[0] pieces; what comes out goes through one of
    pieces[1] pieces; and so on.

    Returns   len(pieces) + 1 layers. Between neighbours stands a ReLU, behind the last one none.
    Shapes    the first w is (1, pieces[0]), those in the middle (pieces[i], pieces[i + 1]), and the
              last one is (pieces[-1], 1); each b is (d_out) for a w (d_in, d_out)

    So hidden layer i has pieces[i] ReLUs, no more. There is at least one number in the list, and
    each is 1 or more. What the network does outside of [-1, 1] does not matter.

    >>> (w_up, b_up), (w_down, b_down) = zigzag([3])
    >>> x = np.array([[-1.0], [-2 / 3], [-1 / 3], [1 / 3], [1.0]])
    >>> y = np.maximum(x @ w_up + b_up, 0) @ w_down + b_down
    >>> print(np.round(y[:, 0], 6))
    [-1.  0.  1. -1.  1.]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(zigzag)

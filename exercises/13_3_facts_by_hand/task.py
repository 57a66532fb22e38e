"""Exercise 13.3: a feed-forward layer that stores facts and forgives wrong bits, without training.

Edit `write_facts` and save. Then check("13.3") in the notebook of lesson 13 says what is right so
far, and so does `tinyffn check 13.3` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def write_facts(keys: np.ndarray, values: np.ndarray, r: np.ndarray):
    """The weights of a layer y = relu(x w_up + b_up) w_down that holds one fact for each key.

    A key is a row of bits, 0 or 1, and a query x is one too. Let f_p be the number of places where
    x differs from key p. There is one hidden number for each key, and what comes out is to be

        y = Σ_p max(0, 1 - f_p / (r_p + 1)) value_p

    so that a key as it is brings its value, whole; each wrong bit takes as much off; and with r_p
    + 1 wrong bits or more nothing is left. Where no key is near, y is 0. Row p of w_down is value
    p, as it is.

    The layer only adds and multiplies, and has its ReLU: how does it count differences?

    Shapes    keys (P, n) of 0. and 1., values (P, d), r (P): whole numbers, 0 or above
    Returns   w_up (n, P), b_up (P), w_down (P, d)

    Nothing that was handed in is written to.

    >>> keys, values = np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]), np.array([[10.0], [20.0]])
    >>> w_up, b_up, w_down = write_facts(keys, values, r=np.array([1, 1]))
    >>> x = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    >>> print(np.maximum(x @ w_up + b_up, 0) @ w_down)  # whole, half, half, half of both
    [[10.]
     [ 5.]
     [10.]
     [15.]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(write_facts)

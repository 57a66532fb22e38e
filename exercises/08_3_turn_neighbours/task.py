"""Exercise 8.3: rotary positions that turn neighbouring channels.

Edit `turn` and save. Then check("8.3") in the notebook of lesson 08 says what is right so far,
and so does `tinyffn check 8.3` in a terminal. `python task.py` runs the example in the docstring.
"""

import numpy as np


def turn(x: np.ndarray, positions: np.ndarray, base: float = 10000.0):
    """Turn each pair of neighbouring channels by an angle that grows with the position.

    The library pairs channel c with channel c + d / 2. Here a pair are the neighbours 2c and
    2c + 1, for c = 0, ..., d / 2 - 1. At position p it turns by the angle a = p base^(-2c / d),
    in radians, from the first channel towards the second: (1, 0) becomes (cos a, sin a).

    Forward   y from x: two numbers of each pair from two, for you to write down
    Backward  dx from dy: for you to derive
    Shapes    x (..., d) with an even d -> y (..., d)

    positions are whole numbers or floats, below 0 as well, in any order. Their shape is that of x
    without its last axis, or can be broadcast to it: for x (B, n_heads, T, d) also (T), where all
    rows count alike, or (B, 1, T), where each text counts in its own way.

    Return y and a function `backward` that takes dy, in the shape of y, and returns dx. Floats of
    32 bits in x give floats of 32 bits out; but an angle needs 64 bits on its way, as positions may
    be large. Nothing that was handed in is written to.

    >>> x = np.array([[1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 0.0]])
    >>> y, backward = turn(x, np.array([0, 3]), base=4.0)  # row 1 turns by 3 and by 3 / 2
    >>> print(y.round(3))
    [[ 1.     0.     1.     0.   ]
     [-0.99   0.141  0.071  0.997]]
    >>> print(backward(np.array([[1.0, 2.0, 3.0, 4.0], [1.0, 0.0, 1.0, 0.0]])).round(3))
    [[ 1.     2.     3.     4.   ]
     [-0.99  -0.141  0.071 -0.997]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(turn)

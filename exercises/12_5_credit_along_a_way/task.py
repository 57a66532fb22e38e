"""Exercise 12.5: integrated gradients along a way with corners, and how complete they are.

Edit `integrated_gradients` and save. Then check("12.5") in the notebook of lesson 12 says what is
right so far, and so does `tinyffn check 12.5` in a terminal. `python task.py` runs the example in
the docstring.
"""

import numpy as np


def integrated_gradients(f, points: np.ndarray, steps: int):
    """Share out among numbers how much f changes on a way through points.

    The way goes from points[0] straight to points[1], then straight to points[2], and so on. Number
    i gets the credit

        sum over the pieces of the way of   integral of df/dm_i dm_i

    Each integral is computed by the midpoint rule: `steps` equal steps for each piece, the gradient
    in the middle of each step. If the integrals were exact, all credits together would be the
    change of f from the first point to the last. The gap is how much larger their sum is.

    f is given as a function that returns a pair: `value, gradient = f(m)`, with m (..., d), value
    (...) and gradient (..., d): see given.py for those of the checks. The dots are leading axes:
    several prompts, say, that have nothing to do with one another.

    Shapes    points (n_points, ..., d), two points or more
    Returns   credits (..., d), gap (...): a number for each prompt

    Floats of 32 bits in give floats of 32 bits out, and nothing that was handed in is written to.

    >>> def product(m):
    ...     return m[..., 0] * m[..., 1], m[..., ::-1]
    >>> credits, gap = integrated_gradients(product, np.array([[0.0, 0.0], [1.0, 1.0]]), steps=4)
    >>> print(credits, gap)
    [0.5 0.5] 0.0
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(integrated_gradients)

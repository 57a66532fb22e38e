"""Exercise 6.1: a weighted sum of embeddings, forward and backward.

Edit `bag` and save. Then check("6.1") in the notebook of lesson 06 says what is right so far, and
so does `tinyffn check 6.1` in a terminal. `python task.py` runs the example in the docstring.
"""

import numpy as np


def bag(table: np.ndarray, ids: np.ndarray, weights: np.ndarray, padding: int):
    """One vector for a whole text: the sum of its ids' rows, each times a weight of its place.

    Forward   y_nj = Σ_t weights_nt table_ij with i = ids_nt, over the t with ids_nt not padding
    Backward  dtable and dweights from dy: for you to derive
    Shapes    table (vocab_size, d), ids (..., T), weights (..., T) -> y (..., d)

    The dots stand for any number of leading axes, none included. `padding` is the id that fills
    short texts up: it adds nothing to y, whatever its weight, so nothing about it has a gradient.
    Return y and a function `backward` that takes dy, in the shape of y, and returns dtable and
    dweights. Floats of 32 bits in give floats of 32 bits out, and nothing that was handed in is
    written to.

    >>> table = np.array([[1.0, 0.0], [0.0, 1.0], [9.0, 9.0]])
    >>> ids = np.array([[0, 1, 2], [1, 1, 0]])
    >>> weights = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])
    >>> y, backward = bag(table, ids, weights, padding=2)
    >>> print(y)
    [[1. 2.]
     [3. 3.]]
    >>> dtable, dweights = backward(np.array([[1.0, 0.0], [0.0, 10.0]]))
    >>> print(dtable)
    [[ 1. 30.]
     [ 2. 30.]
     [ 0.  0.]]
    >>> print(dweights)
    [[ 1.  0.  0.]
     [10. 10.  0.]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(bag)

"""Exercise 7.3: the gradient of a large batch, from the means of its parts.

Edit the two functions and save. Then check("7.3") in the notebook of lesson 07 says what is right
so far, and so does `tinyffn check 7.3` in a terminal. `python task.py` runs the examples in the
docstrings.
"""

import numpy as np


def merge(mean_a: np.ndarray, n_a: int, mean_b: np.ndarray, n_b: int):
    """Two parts of a batch become one: the mean over both, and how many tokens it is over.

    mean_a is the mean of a gradient over n_a tokens, mean_b is that over n_b other tokens. So parts
    can be taken in one by one as they come, without knowing how many will follow.

    A part may hold no token that counts. Its mean is 0 / 0 then, and the array that stands for it
    is full of np.nan: it must leave the other part as it is. If both are empty, so is the whole:
    a mean of np.nan, over 0.

    Shapes    mean_a, mean_b (...) -> mean (...)
    Returns   mean and n

    Floats of 32 bits stay floats of 32 bits. Nothing that was handed in is written to.

    >>> mean, n = merge(np.array([1.0, 0.0]), 3, np.array([5.0, 8.0]), 1)
    >>> print(mean, n)
    [2. 2.] 4
    """
    raise NotImplementedError("replace this line")


def loss_factors(counts: np.ndarray) -> np.ndarray:
    """By what to multiply each part's mean loss, for a program that takes a mean of the means.

    Many programs run K parts and then divide the sum of their gradients by K. That cannot be
    changed. What can be changed is the loss of each part: it is a mean over counts[k] tokens, and
    we may multiply it by a factor of our own, before the program takes its gradient. The result
    must be the gradient of one loss, the mean over all tokens. A part without tokens is left out
    by the factor 0; one of the parts at least has some.

    Shapes    counts (K), whole numbers -> factors (K), float64

    >>> print(loss_factors(np.array([3, 1])))
    [1.5 0.5]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(merge)
    run_example(loss_factors)

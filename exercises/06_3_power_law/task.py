"""Exercise 6.3: a power law above a floor that is known, from points that do not count alike.

Edit the three functions and save. Then check("6.3") in the notebook of lesson 06 says what is right
so far, and so does `tinyffn check 6.3` in a terminal. `python task.py` runs the examples in the
docstrings.

The law is written as a quotient here, so that n_c has a meaning: the size at which the loss is 1
above the floor.

    loss(n) = floor + (n_c / n)^alpha
"""

import numpy as np


def fit(n: np.ndarray, losses: np.ndarray, runs: np.ndarray, floor: float):
    """The alpha and n_c that fit best: weighted least squares in logarithms.

    n        (K), sizes: numbers of parameters
    losses   (K), all above the floor; losses[k] is the mean of runs[k] runs of size n[k]
    floor    what no model of this family goes below

    The sum over k of runs[k] times the squared distance of log(losses[k] - floor) from the
    logarithm of the law above the floor is as small as it can be. Returns alpha and n_c.

    >>> n = np.array([100.0, 400.0, 1600.0])
    >>> losses = np.array([6.0, 4.0, 3.0])  # 2 + (1600 / n)^(1/2)
    >>> alpha, n_c = fit(n, losses, np.array([3, 1, 5]), floor=2.0)
    >>> print(round(alpha, 6), round(n_c, 6))
    0.5 1600.0
    """
    raise NotImplementedError("replace this line")


def predict(n: np.ndarray, alpha: float, n_c: float, floor: float) -> np.ndarray:
    """The losses that the law foretells for sizes n, in the shape of n.

    >>> print(predict(np.array([1600.0, 6400.0]), alpha=0.5, n_c=1600.0, floor=2.0))
    [3.  2.5]
    """
    raise NotImplementedError("replace this line")


def size_for(losses: np.ndarray, alpha: float, n_c: float, floor: float) -> np.ndarray:
    """The sizes at which the law reaches these losses, all above the floor.

    >>> print(size_for(np.array([3.0, 2.5]), alpha=0.5, n_c=1600.0, floor=2.0))
    [1600. 6400.]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(fit)
    run_example(predict)
    run_example(size_for)

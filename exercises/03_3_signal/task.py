"""Exercise 3.3: foresee how large the numbers in a deep network are, without running it.

Edit the two functions and save. Then check("3.3") in the notebook of lesson 03 says what is right
so far, and so does `tinyffn check 3.3` in a terminal. `python task.py` runs the examples in the
docstrings. The functions f that the checks hand to yours are in `given.py`, beside this file.

One layer takes the numbers z of the one before to f(z) w + b. The width is d everywhere. The
weights w are drawn with mean 0 and standard deviation w_std, the biases b with mean 0 and standard
deviation b_std, each independent of all else.

Where d is large, z is spread like a bell around 0 (normally distributed). Call q its mean square.
If u is spread like the standard bell, with mean square 1, then √q u is spread like z. The mean of
any function g over u is nearly a weighted sum, at places and with weights that are known:

    mean of g(u)  =  Σ_k weights_k g(nodes_k)
"""

import numpy as np


def mean_squares(
    f,
    q: float,
    depth: int,
    d: int,
    w_std: float,
    b_std: float,
    nodes: np.ndarray,
    weights: np.ndarray,
) -> np.ndarray:
    """The mean square of z before any layer, after one, after two, ..., after `depth` layers.

    f takes an array to an array of the same shape, entry by entry. nodes and weights have shape
    (n,). The first of the depth + 1 numbers that you return is q itself.

    >>> def relu(z):
    ...     return np.maximum(z, 0.0)
    >>> nodes, weights = np.array([-1.0, 1.0]), np.array([0.5, 0.5])
    >>> print(mean_squares(relu, 2.0, 2, 8, 1.0, 3.0, nodes, weights))
    [ 2. 17. 77.]
    """
    raise NotImplementedError("replace this line")


def w_std_that_keeps(
    f, q: float, d: int, b_std: float, nodes: np.ndarray, weights: np.ndarray
) -> float:
    """The standard deviation of the weights with which the mean square stays q, layer after layer.

    q is larger than b_std squared: the biases alone must not be too much already.

    >>> def relu(z):
    ...     return np.maximum(z, 0.0)
    >>> nodes, weights = np.array([-1.0, 1.0]), np.array([0.5, 0.5])
    >>> print(f"{w_std_that_keeps(relu, 2.0, 8, 1.0, nodes, weights):.4f}")
    0.3536
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(mean_squares)
    run_example(w_std_that_keeps)

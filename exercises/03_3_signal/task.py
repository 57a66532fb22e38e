"""Exercise 3.3: foresee how large the numbers in a deep network are, without running it.

Edit the two functions and save. Then check("3.3") in the notebook of lesson 03 says what is right
so far, and so does `tinyffn check 3.3` in a terminal. `python task.py` runs the examples in the
docstrings. The functions f that the checks hand to yours are in `given.py`, beside this file.

One layer takes the numbers z of the one before to f(z) w + b. The width is d everywhere. The
weights w and the biases b are random numbers around 0. Their standard deviations, the roots of the
means of their squares, are w_std and b_std. They are independent: none tells anything of another,
so the mean of a product of two different ones is 0.

Where d is large, many numbers z are spread around 0 like a bell: most are near 0, few far away (the
normal distribution). Call q the mean of z². If u is spread like the bell with mean square 1, then
√q u is spread like z. And the mean of any function g of u is nearly a sum over a few places, the
nodes, each of which stands for a share of all u:

    mean of g(u)  =  Σ_k shares_k g(nodes_k)

(With the nodes -1 and 1 and the shares 1/2 and 1/2, that is the mean of g(-1) and g(1).)
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
    shares: np.ndarray,
) -> np.ndarray:
    """The mean square of z before any layer, after one, after two, ..., after `depth` layers.

    f takes an array to an array of the same shape, entry by entry. nodes and shares have shape
    (n,). The first of the depth + 1 numbers that you return is q itself.

    >>> def relu(z):
    ...     return np.maximum(z, 0.0)
    >>> nodes, shares = np.array([-1.0, 1.0]), np.array([0.5, 0.5])
    >>> print(mean_squares(relu, 2.0, 2, 8, 1.0, 3.0, nodes, shares))
    [ 2. 17. 77.]
    """
    raise NotImplementedError("replace this line")


def w_std_that_keeps(
    f, q: float, d: int, b_std: float, nodes: np.ndarray, shares: np.ndarray
) -> float:
    """The standard deviation of the weights with which the mean square stays q, layer after layer.

    q is larger than b_std squared: the biases alone must not be too much already.

    >>> def relu(z):
    ...     return np.maximum(z, 0.0)
    >>> nodes, shares = np.array([-1.0, 1.0]), np.array([0.5, 0.5])
    >>> print(f"{w_std_that_keeps(relu, 2.0, 8, 1.0, nodes, shares):.4f}")
    0.3536
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(mean_squares)
    run_example(w_std_that_keeps)

"""One layer with a ReLU for each piece is right, but wide: each number has its own hidden layer."""

import numpy as np


def zigzag(pieces):
    n = int(np.prod(pieces))
    turns = 2.0 * n * (-1.0) ** np.arange(n)
    turns[0] = n
    knots = np.linspace(-1, 1, n + 1)[:-1]
    return [(np.ones((1, n)), -knots), (turns[:, None], -np.ones(1))]

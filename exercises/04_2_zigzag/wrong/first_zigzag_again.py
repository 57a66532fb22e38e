"""Every layer repeats the first zigzag: each has its own number of pieces."""

import numpy as np


def parts(m):
    turns = np.array([2.0 * m * (-1) ** j for j in range(m)])
    turns[0] = m
    return np.linspace(-1, 1, m + 1)[:-1], turns


def zigzag(pieces):
    knots, turns = parts(pieces[0])
    inner = (np.outer(turns, np.ones(len(knots))), -1 - knots)
    first = (np.ones((1, len(knots))), -knots)
    return [first, *[inner] * (len(pieces) - 1), (turns[:, None], -np.ones(1))]

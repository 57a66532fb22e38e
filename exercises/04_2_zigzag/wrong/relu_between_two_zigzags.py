"""Two dense layers stand between the zigzags, and the ReLU between them cuts off all below 0."""

import numpy as np


def parts(m):
    turns = np.array([2.0 * m * (-1) ** j for j in range(m)])
    turns[0] = m
    return np.linspace(-1, 1, m + 1)[:-1], turns


def zigzag(pieces):
    layers = []
    for m in pieces:
        knots, turns = parts(m)
        layers += [(np.ones((1, m)), -knots), (turns[:, None], -np.ones(1))]
    return layers

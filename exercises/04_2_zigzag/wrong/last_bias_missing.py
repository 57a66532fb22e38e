"""The last layer lacks its bias: at x = -1 all ReLUs are off, and y must be -1."""

import numpy as np


def parts(m):
    turns = np.array([2.0 * m * (-1) ** j for j in range(m)])
    turns[0] = m
    return np.linspace(-1, 1, m + 1)[:-1], turns


def zigzag(pieces):
    knots, turns = parts(pieces[0])
    layers = [(np.ones((1, len(knots))), -knots)]
    for m in pieces[1:]:
        knots, next_turns = parts(m)
        layers.append((np.outer(turns, np.ones(m)), -1 - knots))
        turns = next_turns
    return [*layers, (turns[:, None], np.zeros(1))]

"""A turn by m makes the line flat: from up to down the slope changes by 2m."""

import numpy as np


def parts(m):
    turns = np.array([1.0 * m * (-1) ** j for j in range(m)])
    turns[0] = m
    return np.linspace(-1, 1, m + 1)[:-1], turns


def zigzag(pieces):
    knots, turns = parts(pieces[0])
    layers = [(np.ones((1, len(knots))), -knots)]
    for m in pieces[1:]:
        knots, next_turns = parts(m)
        layers.append((np.outer(turns, np.ones(m)), -1 - knots))
        turns = next_turns
    return [*layers, (turns[:, None], -np.ones(1))]

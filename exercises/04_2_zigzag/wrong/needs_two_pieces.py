"""A zigzag of one piece has one ReLU and no turn, so there is no turns[1]."""

import numpy as np


def parts(m):
    turns = np.zeros(m)
    turns[0], turns[1] = m, -2 * m
    for j in range(2, m):
        turns[j] = -turns[j - 1]
    return np.linspace(-1, 1, m + 1)[:-1], turns


def zigzag(pieces):
    knots, turns = parts(pieces[0])
    layers = [(np.ones((1, len(knots))), -knots)]
    for m in pieces[1:]:
        knots, next_turns = parts(m)
        layers.append((np.outer(turns, np.ones(len(knots))), -1 - knots))
        turns = next_turns
    return [*layers, (turns[:, None], -np.ones(1))]

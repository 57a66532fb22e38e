"""The table into a layer ends the zigzag before it: its rows are that zigzag's turns."""

import numpy as np


def parts(m):
    turns = np.array([2.0 * m * (-1) ** j for j in range(m)])
    turns[0] = m
    return np.linspace(-1, 1, m + 1)[:-1], turns


def zigzag(pieces):
    knots, turns = parts(pieces[0])
    layers = [(np.ones((1, len(knots))), -knots)]
    for m, before in zip(pieces[1:], pieces[:-1], strict=True):
        knots, turns = parts(m)
        layers.append((np.outer(np.ones(before), turns), -1 - knots))
    return [*layers, (turns[:, None], -np.ones(1))]

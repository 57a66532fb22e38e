"""y runs from 0 to 1: it must run from -1 to 1, so twice as steep, and begin at -1."""

import numpy as np


def zigzag(pieces):
    layers, c, bias = [], np.ones((1, 1)), 0.0
    for m in pieces:
        knots = -1 + 2 * np.arange(m) / m
        layers.append((c @ np.ones((1, len(knots))), bias - knots))
        c = m / 2 * np.array([[2.0 * (-1) ** j] for j in range(len(knots))])
        c[0] /= 2
        bias = 0.0
    return [*layers, (c, np.full(1, bias))]

"""The inner bias is -1 times the weights: the -1 is added once to what enters each ReLU."""

import numpy as np


def zigzag(pieces):
    layers, c, bias = [], np.ones((1, 1)), 0.0
    for m in pieces:
        knots = -1 + 2 * np.arange(m) / m
        layers.append((c @ np.ones((1, len(knots))), bias - knots))
        c = m * np.array([[2.0 * (-1) ** j] for j in range(len(knots))])
        c[0] /= 2
        bias = -c.sum()
    return [*layers, (c, np.full(1, bias))]

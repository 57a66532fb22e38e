"""The answer to exercise 4.2, and how to get there.

A zigzag of m pieces turns at t_j = -1 + 2j/m. Left of -1 there is nothing to get right, so the ReLU
at t_0 = -1 gives the first slope, m, and every later one turns the slope from ±m to the other
sign, by 2m:

    z_m(x) = -1 + m relu(x - t_0) - 2m relu(x - t_1) + 2m relu(x - t_2) - ...

Behind the ReLUs h stands a dense layer, h c - 1, and before the next ReLUs another one, which
copies that number once for each of them and subtracts their knots t'. No ReLU is between the two,
so they fold into one:

    (h c - 1) 1ᵀ - t'  =  h (c 1ᵀ) + (-1 - t')

The first layer has no c before it, the last one no knots behind it. Since a zigzag runs through
all of [-1, 1] on each of its pieces, the next one is run through once on each: pieces multiply.
"""

import numpy as np


def zigzag(pieces):
    layers = []
    c, bias = np.ones((1, 1)), np.zeros(1)  # what ends the layer before: at first, x itself
    for m in pieces:
        knots = np.linspace(-1.0, 1.0, m + 1)[:m]
        layers.append((c.repeat(m, axis=1), bias - knots))
        c = np.array([[2.0 * m * (-1) ** j] for j in range(m)])
        c[0] = m  # from nothing to up, not from down to up
        bias = np.full(1, -1.0)
    return [*layers, (c, bias)]

"""The answer to exercise 16.2, and how to get there.

The bit rule says that the transform of N numbers is one of pairs, done once for each bit of the
place: for bit b, numbers whose places differ in that bit alone become their sum (bit 0) and their
difference (bit 1). Within a team, places that differ in bit b are 2^b apart, so in the vector they
are m 2^b apart. So the whole change against m = 1 is that the distance begins with m.

A number ends as N = n / m others, added or subtracted, so the lengths agree after division by √N.

Let D be the diagonal of the flips and H the transform: symmetric, and H H = 1 (each team is
rotated, and the rotation is its own inverse). spin is x D H. Its inverse undoes H first: y H D. And

    x w = x D H · H D w,    for D D = H H = 1

so fold is H D w: each column of w is multiplied by flips, then transformed. That is spin of wᵀ.
"""

import numpy as np


def transformed(x):
    n = x.shape[-1]
    power_of_two = n & -n
    distance = n // power_of_two
    while distance < n:
        a, b = np.moveaxis(x.reshape(*x.shape[:-1], -1, 2, distance), -2, 0)
        x = np.stack((a + b, a - b), axis=-2).reshape(x.shape)
        distance *= 2
    return x / np.sqrt(power_of_two).astype(x.dtype)


def spin(x, flips):
    return transformed(x * flips)


def unspin(y, flips):
    return transformed(y) * flips


def fold(w, flips):
    return spin(w.T, flips).T

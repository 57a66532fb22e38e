"""The signs are missing in fold: x D H · H D w is x w, and H H w alone is not."""

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


def spin(x, signs):
    return transformed(x * signs)


def unspin(y, signs):
    return transformed(y) * signs


def fold(w, signs):
    return transformed(w.T).T

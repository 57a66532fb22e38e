"""The sum is divided by 2^k: by its root, or lengths shrink."""

import numpy as np


def transformed(x):
    n = x.shape[-1]
    power_of_two = n & -n
    distance = n // power_of_two
    while distance < n:
        a, b = np.moveaxis(x.reshape(*x.shape[:-1], -1, 2, distance), -2, 0)
        x = np.stack((a + b, a - b), axis=-2).reshape(x.shape)
        distance *= 2
    return x / np.asarray(power_of_two, x.dtype)


def spin(x, flips):
    return transformed(x * flips)


def unspin(y, flips):
    return transformed(y) * flips


def fold(w, flips):
    return spin(w.T, flips).T

"""m and 2^k are exchanged: m is the odd part of n, and each team has 2^k numbers."""

import numpy as np


def transformed(x):
    n = x.shape[-1]
    power_of_two = n // (n & -n)
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

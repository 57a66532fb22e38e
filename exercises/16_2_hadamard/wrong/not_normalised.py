"""Lengths grow with every step: in the end divide by the root of 2^k."""

import numpy as np


def transformed(x):
    n = x.shape[-1]
    power_of_two = n & -n
    distance = n // power_of_two
    while distance < n:
        a, b = np.moveaxis(x.reshape(*x.shape[:-1], -1, 2, distance), -2, 0)
        x = np.stack((a + b, a - b), axis=-2).reshape(x.shape)
        distance *= 2
    return x / x.dtype.type(1)


def spin(x, flips):
    return transformed(x * flips)


def unspin(y, flips):
    return transformed(y) * flips


def fold(w, flips):
    return spin(w.T, flips).T

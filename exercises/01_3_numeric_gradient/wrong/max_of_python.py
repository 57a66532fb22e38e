"""The max of Python compares two single numbers: np.maximum goes entry by entry."""

import numpy as np


def numeric_gradient(f, x, dy, step):
    dx = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x.astype(float), x.astype(float)
        up[i] += step
        down[i] -= step
        dx[i] = ((f(up) - f(down)) * dy).sum() / (2 * step)
    return dx


def largest_error(pair, x, dy, step):
    _, backward = pair(x)
    a, n = backward(dy), numeric_gradient(lambda x: pair(x)[0], x, dy, step)
    if a.shape != x.shape:
        return np.inf
    return (np.abs(a - n) / max(1, np.abs(n))).max()

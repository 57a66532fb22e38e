"""dy is left out: an output whose dy is 10 moves the loss ten times as much as one with dy 1."""

import numpy as np


def numeric_gradient(f, x, dy, step):
    dx = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x.astype(float), x.astype(float)
        up[i] += step
        down[i] -= step
        dx[i] = (f(up) - f(down)).sum() / (2 * step)
    return dx


def largest_error(pair, x, dy, step):
    _, backward = pair(x)
    a, n = backward(dy), numeric_gradient(lambda x: pair(x)[0], x, dy, step)
    if a.shape != x.shape:
        return np.inf
    return (np.abs(a - n) / np.maximum(1, np.abs(n))).max()

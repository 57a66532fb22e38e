"""One array is nudged up and then down: an f that returns a view shows the same twice."""

import numpy as np


def numeric_gradient(f, x, dy, step):
    nudged = x.astype(float)
    dx = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        nudged[i] = x[i] + step
        up = f(nudged)
        nudged[i] = x[i] - step
        down = f(nudged)
        nudged[i] = x[i]
        dx[i] = ((up - down) * dy).sum() / (2 * step)
    return dx


def largest_error(pair, x, dy, step):
    _, backward = pair(x)
    a, n = backward(dy), numeric_gradient(lambda x: pair(x)[0], x, dy, step)
    if a.shape != x.shape:
        return np.inf
    return (np.abs(a - n) / np.maximum(1, np.abs(n))).max()

"""The facts are written from the last to the first: the round begins with fact 0."""

import numpy as np


def left_over(keys, c, step):
    overlaps = keys @ np.linalg.solve(c, keys.T)
    turn = np.triu(overlaps, 1) + np.diag(np.diag(overlaps) / step)
    return np.diag(np.ones_like(step)) - overlaps @ np.linalg.inv(turn)

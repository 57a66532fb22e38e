"""Every edit goes the whole way: fact i goes the share step_i of it."""

import numpy as np


def left_over(keys, c, step):
    overlaps = keys @ np.linalg.solve(c, keys.T)
    turn = np.tril(overlaps)
    return np.diag(np.ones_like(step)) - overlaps @ np.linalg.inv(turn)

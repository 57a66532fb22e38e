"""The matrix tells how much of each fact was written: asked is what is missing afterwards."""

import numpy as np


def left_over(keys, c, step):
    overlaps = keys @ np.linalg.solve(c, keys.T)
    turn = np.tril(overlaps, -1) + np.diag(np.diag(overlaps) / step)
    return overlaps @ np.linalg.inv(turn)

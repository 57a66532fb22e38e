"""The result is of 64 bits whatever comes in: 32 bits in must give 32 bits out."""

import numpy as np


def make_up(w, w_rounded, is_rounded, h, c):
    free = np.flatnonzero(~is_rounded)
    settled = np.where(is_rounded, w_rounded, 0).astype(float)
    missing = (w @ c - settled @ h)[:, free]
    settled[:, free] = np.linalg.solve(h[np.ix_(free, free)], missing.T).T
    return settled

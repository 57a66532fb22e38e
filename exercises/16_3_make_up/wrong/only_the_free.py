"""What is wanted is all of w times c: the rounded columns of w gave a part of it once."""

import numpy as np


def make_up(w, w_rounded, is_rounded, h, c):
    free = np.flatnonzero(~is_rounded)
    settled = np.where(is_rounded, w_rounded, 0).astype(w.dtype)
    missing = (np.where(is_rounded, 0, w) @ c - settled @ h)[:, free]
    settled[:, free] = np.linalg.solve(h[np.ix_(free, free)], missing.T).T
    return settled

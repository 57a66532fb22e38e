"""The rounded columns of the result are those of w: they must be those of w_rounded."""

import numpy as np


def make_up(w, w_rounded, is_rounded, h, c):
    free = np.flatnonzero(~is_rounded)
    settled = np.where(is_rounded, w_rounded, 0).astype(w.dtype)
    missing = (w @ c - settled @ h)[:, free]
    settled[:, free] = np.linalg.solve(h[np.ix_(free, free)], missing.T).T
    return np.where(is_rounded, w, settled)

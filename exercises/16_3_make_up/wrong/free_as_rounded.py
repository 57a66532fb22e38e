"""The free columns of w_rounded are used: they mean nothing."""

import numpy as np


def make_up(w, w_rounded, is_rounded, h, c):
    free = np.flatnonzero(~is_rounded)
    settled = w_rounded.astype(w.dtype)
    missing = (w @ c - settled @ h)[:, free]
    settled[:, free] = np.linalg.solve(h[np.ix_(free, free)], missing.T).T
    return settled

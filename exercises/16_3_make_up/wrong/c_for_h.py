"""c stands where h should: what is free must make up with the inputs that it now gets."""

import numpy as np


def make_up(w, w_rounded, is_rounded, h, c):
    free = np.flatnonzero(~is_rounded)
    settled = np.where(is_rounded, w_rounded, 0).astype(w.dtype)
    missing = ((w - settled) @ c)[:, free]
    settled[:, free] = np.linalg.solve(c[np.ix_(free, free)].T, missing.T).T
    return settled

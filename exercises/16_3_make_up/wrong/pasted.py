"""The free weights are found as if nothing were rounded: they must make up for what is."""

import numpy as np


def make_up(w, w_rounded, is_rounded, h, c):
    free = np.flatnonzero(~is_rounded)
    settled = np.where(is_rounded, w_rounded, 0).astype(w.dtype)
    best = np.linalg.solve(h, (w @ c).T).T
    settled[:, free] = best[:, free]
    return settled

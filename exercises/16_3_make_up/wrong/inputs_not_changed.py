"""c is not used, as if the layer still got the inputs that it got before."""

import numpy as np


def make_up(w, w_rounded, is_rounded, h, c):
    free = np.flatnonzero(~is_rounded)
    settled = np.where(is_rounded, w_rounded, 0).astype(w.dtype)
    missing = ((w - settled) @ h)[:, free]
    settled[:, free] = np.linalg.solve(h[np.ix_(free, free)], missing.T).T
    return settled

"""w_rounded less w is taken in all columns: only in rounded ones does w_rounded mean something."""

import numpy as np


def make_up(w, w_rounded, is_rounded, h, c):
    free = np.flatnonzero(~is_rounded)
    settled = np.where(is_rounded, w_rounded, 0).astype(w.dtype)
    best = np.linalg.solve(h, (w @ c).T).T
    moved = ((w_rounded - w) @ h)[:, free]
    settled[:, free] = best[:, free] - np.linalg.solve(h[np.ix_(free, free)], moved.T).T
    return settled

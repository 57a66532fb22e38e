"""Each free weight makes up alone, so several pay for one error: solve for all of them at once."""

import numpy as np


def make_up(w, w_rounded, is_rounded, h, c):
    free = np.flatnonzero(~is_rounded)
    settled = np.where(is_rounded, w_rounded, 0).astype(w.dtype)
    error = np.where(is_rounded, w_rounded - w, 0)
    alone = np.linalg.solve(h, (w @ c).T).T - error @ h / h.diagonal()
    settled[:, free] = alone[:, free]
    return settled

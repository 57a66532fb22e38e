"""The answer to exercise 16.3, and how to get there.

Take one output: v is its row of w, u the row of w_new. The error e = u·x_new - v·x has the mean
square

    E e² = Σ_ij u_i h_ij u_j - 2 Σ_ij v_i c_ij u_j + (what does not depend on u)

Its derivative by u_j is 2 (Σ_i u_i h_ij - Σ_i v_i c_ij) = 2 E[e x_new_j]. For each free j it must
be 0; a rounded u_j does not move, so its derivative may be what it is. Sort the sum over i into
free (F) and rounded (R):

    Σ_{i in F} u_i h_ij = (v c)_j - Σ_{i in R} u_i h_ij          for each j in F

With x_new = x there is c = h, and w c is w h. Then the rule is that of the lesson: with D for
w_new - w, D_F h_FF = -D_R h_RF. The lesson has one rounded column at a time; but "at a time" does
not matter, as the free ones end at the same place.
"""

import numpy as np


def make_up(w, w_rounded, is_rounded, h, c):
    free = np.flatnonzero(~is_rounded)
    settled = np.where(is_rounded, w_rounded, 0).astype(w.dtype)
    missing = (w @ c - settled @ h)[:, free]
    settled[:, free] = np.linalg.solve(h[np.ix_(free, free)], missing.T).T
    return settled

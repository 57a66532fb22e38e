"""The answer to exercise 14.3, and how to get there.

Every edit adds a multiple of a vector u_j, so after the round w has changed by c⁻¹ Kᵀ G, with one
row g_j for each edit. With the overlaps H = K c⁻¹ Kᵀ, what fact i is missing at its turn is

    R_i - Σ_{j<i} H_ij g_j        (R: what was missing before; later edits have not been made)

and its edit takes g_i = step_i / H_ii times that. Put on one side, these are the equations

    (H_ii / step_i) g_i + Σ_{j<i} H_ij g_j = R_i,        T G = R with T lower triangular

In the end R - H G = (I - H T⁻¹) R is missing. This is one round of the method of Gauss and Seidel
for H G = R (with steps, of successive over-relaxation): its solution G is what writes all facts at
once. So rounds of single edits end where the edit of all facts ends.
"""

import numpy as np


def left_over(keys, c, step):
    overlaps = keys @ np.linalg.solve(c, keys.T)
    at_its_turn = np.tril(overlaps, -1) + np.diag(np.diag(overlaps) / step)
    remaining = at_its_turn - overlaps
    return np.linalg.solve(at_its_turn.T, remaining.T).T

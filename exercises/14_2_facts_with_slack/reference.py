"""The answer to exercise 14.2, and how to get there.

Let R = values - K w be what is missing before, and S the diagonal matrix of the slacks, all above
0 for now. The sum is tr(Dᵀ c D) + tr((R - K D)ᵀ S⁻¹ (R - K D)), and its derivative by D vanishes if

    c D = Kᵀ S⁻¹ (R - K D) = Kᵀ G        with    G = S⁻¹ (R - K D), that is    S G = R - K D

The first says D = c⁻¹ Kᵀ G: a system of size d_ff that does not depend on slacks. Put it into the
second: (S + K c⁻¹ Kᵀ) G = R, n equations. No slack is divided by. Where one is 0, its equation
reads (K D)_i = R_i, which is what a strict fact asks for, and g_i is its Lagrange multiplier.

With one slack λ for all this is c⁻¹ Kᵀ (λ + K c⁻¹ Kᵀ)⁻¹ R, the same as (λ c + Kᵀ K)⁻¹ Kᵀ R: the
"push-through identity". With one fact and λ = 0 it is the rank-one edit.
"""

import numpy as np


def edit_facts(w, keys, values, slack, c):
    spread = np.linalg.solve(c, keys.T)
    overlaps = keys @ spread + np.diag(slack)
    return w + spread @ np.linalg.solve(overlaps, values - keys @ w)

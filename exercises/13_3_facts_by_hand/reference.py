"""The answer to exercise 13.3, and how to get there.

At one place a key k and a query x differ by k (1 - x) + (1 - k) x = k + x (1 - 2 k): 0 if both are
the same, else 1. Over all places

    f_p = Σ_j k_pj + Σ_j x_j (1 - 2 k_pj)

which is one number that depends on the key alone, and a dense map of x. The hidden number is to be

    1 - f_p / (r_p + 1) = (1 - Σ_j k_pj / (r_p + 1)) + Σ_j x_j (2 k_pj - 1) / (r_p + 1)

where that is above 0: the bias, and the column p of w_up. 2 k - 1 is the key in ±1, so the layer
still compares patterns by their product, as in Hopfield's network; but now it keeps them apart, and
a threshold decides which of them is near enough to speak.
"""

import numpy as np


def write_facts(keys, values, r):
    step = 1.0 / (1 + r)
    signs = np.where(keys.T > 0, step, -step)
    ones = np.count_nonzero(keys, axis=1)
    return signs, 1.0 - step * ones, np.array(values)

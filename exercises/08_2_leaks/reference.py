"""The answer to exercise 8.2, and how to get there.

The influence is the largest |∂y[t, i] / ∂x[s, j]| over both channel axes, 1 and 3. Sizes, since a
derivative below 0 is as much of a leak as one above; the largest and not the sum of the numbers,
since +2 and -2 add up to 0: nobody can see such a leak who moves all channels of x[s] together.

y[t] belongs to x[t + S - T], so position s is later where s > t + S - T: what remains of the table
above that diagonal, without it.

What is not finite is set to 0 before the largest is taken, and remembered: for a later position it
makes the share 1. A comparison with NaN is always False. A test for leaks that asks whether
anything is larger than the tolerance would call a layer full of NaN free of leaks.
"""

import numpy as np


def leaks(jacobian, tolerance):
    T, _, S, _ = jacobian.shape
    known = np.isfinite(jacobian)
    influence = np.abs(np.where(known, jacobian, 0.0)).max(axis=(1, 3))
    strongest = influence.max(axis=1, keepdims=True)
    shares = influence / np.where(strongest > 0, strongest, 1.0)
    shares = np.where(shares > tolerance, shares, 0.0)
    shares[~known.all(axis=(1, 3))] = 1.0
    return np.triu(shares, k=S - T + 1)

"""The answer to exercise 14.1, and how to get there.

Let W change by D and b by d, and let r = value - W key - b be what is missing. Wanted: D key + d =
r with the smallest E|D m + d|². The problem is the same for each row of D and entry of d; only the
number r_i differs. So there are one vector a and one number s with D = r aᵀ, d = r s. They minimise

    E(a·m + s)² = aᵀ c a + 2 s a·mean + s²    with    a·key + s = 1

Lagrange, with a multiplier λ: the derivatives by a and by s must vanish.

    c a + s mean = λ key        mean·a + s = λ

The second says s = λ - mean·a. Put into the first: (c - mean meanᵀ) a = λ (key - mean). So what
counts is how far the key is from the mean, measured by the covariance around the mean. Take λ = 1
first, then divide both by a·key + s, so that the constraint holds. With λ = 1

    a·key + s = a·(key - mean) + 1

which is 1 plus the squared Mahalanobis distance of the key: never 0. (One could also solve the
larger system of keys that end in 1: the same, with the elimination left to the computer.)
"""

import numpy as np


def edit_fact(w, b, key, value, c, mean):
    from_mean = key - mean
    around_mean = c - np.outer(mean, mean)
    a = np.linalg.solve(around_mean, from_mean)
    step = (value - w @ key - b) / (1 + from_mean @ a)
    return w + np.outer(step, a), b + step * (1 - mean @ a)

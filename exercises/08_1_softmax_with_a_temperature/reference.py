"""The answer to exercise 8.1, and how to get there.

Call z_i = (x_i - m) / τ with m the largest x of the row. No z is above 0, so no exp overflows, and
one is exactly 0, so the sum is at least 1. From z to y it is softmax as it always is:

    dz_i = y_i (dy_i - Σ_k dy_k y_k)

Each y_k depends on each z_i, since all share the sum in the denominator: that is the second term.
From x and τ to z it is a quotient, entry by entry:

    dx_i = dz_i / τ        dτ = Σ dz_i · (-(x_i - m) / τ²) = -Σ z_i dz_i / τ, over all rows

That m depends on x as well does not matter: the dz of a row sum to 0, so that any number may be
taken away from the whole row. (For the same reason -Σ x_i dz_i / τ² is the same on paper. In
floats it is not: far from 0 it adds up large numbers that should cancel.)

A hidden entry has z = -∞, y = 0 and dz = 0. But 0 times -∞ is NaN: leave it out of the sum for dτ.
"""

import numpy as np


def softmax(x, tau):
    tau = float(tau)
    z = (x - x.max(axis=-1, keepdims=True)) / tau
    y = np.exp(z)
    y = y / y.sum(axis=-1, keepdims=True)

    def backward(dy):
        dz = y * (dy - (dy * y).sum(axis=-1, keepdims=True))
        acting = y > 0
        return dz / tau, -np.dot(z[acting], dz[acting]) / tau

    return y, backward

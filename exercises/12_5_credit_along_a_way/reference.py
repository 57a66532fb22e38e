"""The answer to exercise 12.5, and how to get there.

On a piece from a to b let m(t) = a + t (b - a), t from 0 to 1. The chain rule says

    f(b) - f(a) = integral of sum_i df/dm_i (b_i - a_i) dt

and the i-th term of the sum is the credit of number i. The midpoint rule makes the integral a mean
over t = (j + 1/2) / steps. Credits of pieces add up, as changes do. Only the ends of the whole way
are left in the gap: what f is at the corners cancels.
"""

import numpy as np


def integrated_gradients(f, points, steps):
    credit = np.zeros_like(points[0])
    for piece in range(len(points) - 1):
        here = points[piece]
        stride = (points[piece + 1] - here) / steps
        for j in range(steps):
            _, slope = f(here + (j + 0.5) * stride)
            credit = credit + slope * stride
    change = f(points[-1])[0] - f(points[0])[0]
    return credit, np.sum(credit, axis=-1) - change

"""The answer to exercise 4.1, and how to get there.

Let s_1 ... s_(n-1) be the slopes of the pieces. Far left the slope is s_0 = 0, far right s_n = 0.
relu(x - t_i) changes the slope by 1 at t_i and changes nothing to the left of it. So

    y = v_1 + Σ_i (s_i - s_(i-1)) relu(x - t_i),   i = 1 ... n

starts flat at v_1, has the slope s_i behind knot i, and the slope s_n = 0 behind the last one. It
meets v_1 at t_1, and from there it rises on each piece by slope times width, v_(i+1) - v_i.

The pieces do not touch each other's errors, so the promise for all is the largest one. It cannot
be made smaller: on a piece where f'' = c throughout, the middle is off by c h² / 8 exactly.
"""

import numpy as np


def through_knots(knots, values):
    widths, rises = np.diff(knots), np.diff(values)
    slopes = np.concatenate([[0.0], rises / widths, [0.0]])
    turns = slopes[1:] - slopes[:-1]
    return np.ones((1, knots.size)), -knots, turns.reshape(-1, 1), values[:1].copy()


def error_bound(knots, curvature):
    pieces = knots[1:] - knots[:-1]
    return float((curvature * pieces * pieces).max() / 8)

"""Left of the first knot the line runs on: all ReLUs must be off there."""

import numpy as np


def through_knots(knots, values):
    slopes = np.diff(values) / np.diff(knots)
    turns = np.diff(slopes, prepend=0, append=0)
    w_up, b_up = np.ones((1, len(knots))), -knots
    w_up[0, 0], b_up[0] = -1, knots[0]  # opens to the left, and is never closed
    w_down = np.concatenate([[-turns[0]], turns[1:], [turns[0], -turns[0]]])
    w_up = np.concatenate([w_up, [[1, -1]]], axis=1)
    b_up = np.concatenate([b_up, [-knots[0], knots[0]]])
    return w_up, b_up, w_down[:, None], values[:1]


def error_bound(knots, curvature):
    return float(np.max(curvature * np.diff(knots) ** 2) / 8)

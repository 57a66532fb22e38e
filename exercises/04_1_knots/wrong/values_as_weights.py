"""w_down holds the values: what a ReLU adds grows with x, so a height cannot be its weight."""

import numpy as np


def through_knots(knots, values):
    return np.ones((1, len(knots))), -knots, values[:, None], np.zeros(1)


def error_bound(knots, curvature):
    return float(np.max(curvature * np.diff(knots) ** 2) / 8)

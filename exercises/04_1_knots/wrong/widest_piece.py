"""The widest piece is not always the worst: its curvature may be small."""

import numpy as np


def through_knots(knots, values):
    slopes = np.diff(values) / np.diff(knots)
    turns = np.diff(slopes, prepend=0, append=0)
    return np.ones((1, len(knots))), -knots, turns[:, None], values[:1]


def error_bound(knots, curvature):
    widths = np.diff(knots)
    worst = np.argmax(widths)
    return float(curvature[worst] * widths[worst] ** 2 / 8)

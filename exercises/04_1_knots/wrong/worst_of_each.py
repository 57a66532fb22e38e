"""Largest curvature and largest width may be on different pieces: multiply first, then compare."""

import numpy as np


def through_knots(knots, values):
    slopes = np.diff(values) / np.diff(knots)
    turns = np.diff(slopes, prepend=0, append=0)
    return np.ones((1, len(knots))), -knots, turns[:, None], values[:1]


def error_bound(knots, curvature):
    return float(curvature.max() * np.diff(knots).max() ** 2 / 8)

"""With two knots there is one piece and no inner knot: both ends still turn."""

import numpy as np


def through_knots(knots, values):
    slopes = np.diff(values) / np.diff(knots)
    turns = np.concatenate([slopes[:1], np.diff(slopes), -slopes[1:][-1:]])
    return np.ones((1, len(knots))), -knots, np.resize(turns, len(knots))[:, None], values[:1]


def error_bound(knots, curvature):
    return float(np.max(curvature * np.diff(knots) ** 2) / 8)

"""At the first knot nothing turns: there the line goes from flat to the first slope."""

import numpy as np


def through_knots(knots, values):
    slopes = np.diff(values) / np.diff(knots)
    turns = np.concatenate([[0], np.diff(slopes), [-slopes[-1]]])
    return np.ones((1, len(knots))), -knots, turns[:, None], values[:1]


def error_bound(knots, curvature):
    return float(np.max(curvature * np.diff(knots) ** 2) / 8)

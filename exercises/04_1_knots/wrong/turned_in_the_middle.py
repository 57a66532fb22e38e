"""The ReLUs turn in the middle of the pieces: they must turn at the knots."""

import numpy as np


def through_knots(knots, values):
    slopes = np.diff(values) / np.diff(knots)
    turns = np.diff(slopes, prepend=0, append=0)
    middles = np.append((knots[:-1] + knots[1:]) / 2, knots[-1])
    return np.ones((1, len(knots))), -middles, turns[:, None], values[:1]


def error_bound(knots, curvature):
    return float(np.max(curvature * np.diff(knots) ** 2) / 8)

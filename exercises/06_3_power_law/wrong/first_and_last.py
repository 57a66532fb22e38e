"""The line goes through the first and the last point: the points between count as well."""

import numpy as np


def fit(n, losses, runs, floor):
    x, y = np.log(n), np.log(losses - floor)
    slope = (y[-1] - y[0]) / (x[-1] - x[0])
    start = y[0] - slope * x[0]
    alpha = -slope
    return alpha, np.exp(start / alpha)


def predict(n, alpha, n_c, floor):
    return floor + (n_c / n) ** alpha


def size_for(losses, alpha, n_c, floor):
    return n_c / (losses - floor) ** (1 / alpha)

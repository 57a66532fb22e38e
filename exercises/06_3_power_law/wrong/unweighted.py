"""All points count alike: a mean of three runs is to count like three points, one for each run."""

import numpy as np


def fit(n, losses, runs, floor):
    x, y = np.log(n), np.log(losses - floor)
    slope, start = np.polyfit(x, y, 1)
    alpha = -slope
    return alpha, np.exp(start / alpha)


def predict(n, alpha, n_c, floor):
    return floor + (n_c / n) ** alpha


def size_for(losses, alpha, n_c, floor):
    return n_c / (losses - floor) ** (1 / alpha)

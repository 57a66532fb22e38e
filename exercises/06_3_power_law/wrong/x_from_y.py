"""The distances are measured along log n: measure them along log(loss - floor), upwards."""

import numpy as np


def fit(n, losses, runs, floor):
    x, y = np.log(n), np.log(losses - floor)
    turned, start = np.polyfit(y, x, 1, w=np.sqrt(runs))
    slope, start = 1 / turned, -start / turned
    alpha = -slope
    return alpha, np.exp(start / alpha)


def predict(n, alpha, n_c, floor):
    return floor + (n_c / n) ** alpha


def size_for(losses, alpha, n_c, floor):
    return n_c / (losses - floor) ** (1 / alpha)
